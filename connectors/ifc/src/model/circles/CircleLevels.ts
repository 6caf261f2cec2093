import type { Curve } from "../../curves/Curve.js";
import { lengthOf } from "../../curves/vectors.js";
import { referencesIn } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";
import type { CurveReader } from "../curves/CurveReader.js";
import { NotDrawable } from "../curves/NotDrawable.js";
import { levelFor, lowestLevel, segmentsFor } from "./segments.js";

/** Attributes that are the radius of a whole circle, or of an ellipse. */
const radii: Readonly<Record<string, readonly string[]>> = {
  IFCCIRCLE: ["Radius"],
  IFCELLIPSE: ["SemiAxis1", "SemiAxis2"],
  IFCCIRCLEPROFILEDEF: ["Radius"],
  IFCELLIPSEPROFILEDEF: ["SemiAxis1", "SemiAxis2"],
  IFCSWEPTDISKSOLID: ["Radius"],
  IFCRIGHTCIRCULARCYLINDER: ["Radius"],
  IFCRIGHTCIRCULARCONE: ["BottomRadius"],
  IFCSPHERE: ["Radius"],
  IFCCYLINDRICALSURFACE: ["Radius"],
  IFCSPHERICALSURFACE: ["Radius"],
  IFCTOROIDALSURFACE: ["MajorRadius"],
};

/** Curves that web-ifc cuts into segments, for any angle. */
const arcs = ["IFCTRIMMEDCURVE", "IFCINDEXEDPOLYCURVE"];

/** What has no circles in it, and can have thousands of instances in it. */
const straight = [
  "IFCFACETEDBREP",
  "IFCTESSELLATEDITEM",
  "IFCFACEBASEDSURFACEMODEL",
  "IFCSHELLBASEDSURFACEMODEL",
  "IFCPOLYLINE",
  "IFCPOINT",
  "IFCCARTESIANPOINTLIST",
  "IFCPLACEMENT",
  "IFCDIRECTION",
  "IFCREPRESENTATIONCONTEXT",
];

/** The size of a profile that is turned around an axis. */
const profileSizes = ["Radius", "XDim", "YDim", "SemiAxis1", "SemiAxis2", "OverallWidth", "OverallDepth", "Depth"];

/** References deeper than this go in a circle. */
const deepest = 200;

/** Finds in how many segments the circles of products must be cut. */
export class CircleLevels {
  private readonly _segments = new Map<number, number>();
  private readonly _hasCircles: boolean;

  /** @param _tolerance - how far segments may be from circles, in metres */
  public constructor(
    private readonly _file: IfcFile,
    private readonly _curves: CurveReader,
    private readonly _tolerance: number,
  ) {
    const { schema, step } = _file;
    const round = [...Object.keys(radii), ...arcs, "IFCREVOLVEDAREASOLID"];
    this._hasCircles = [...step.types].some((type) => round.some((other) => schema.isA(type, other)));
  }

  /** The level of instances that are meshed together: a product, and the openings that are cut out of it. */
  public levelOf(ids: readonly number[]): number {
    if (!this._hasCircles) return lowestLevel;
    const shapes = ids.flatMap((id) => this._file.reference(id, "Representation") ?? []);
    return levelFor(Math.max(0, ...shapes.map((shape) => this._segmentsIn(shape, 0))));
  }

  private _segmentsIn(id: number, depth: number): number {
    const known = this._segments.get(id);
    if (known !== undefined || depth > deepest) return known ?? 0;
    this._segments.set(id, 0); // a circle of references has no more than its members
    const type = this._file.typeOf(id);
    const isA = (types: readonly string[]) => types.some((other) => this._file.schema.isA(type, other));
    let segments = 0;
    if (isA(arcs)) segments = this._segmentsOfArcs(id);
    else if (!isA(straight)) {
      segments = this._own(id);
      for (const value of this._file.step.valuesOf(id))
        for (const reference of referencesIn(value))
          segments = Math.max(segments, this._segmentsIn(reference, depth + 1));
    }
    this._segments.set(id, segments);
    return segments;
  }

  private _own(id: number): number {
    if (this._file.isA(id, "IFCREVOLVEDAREASOLID")) return this._segmentsOfTurn(id);
    const attributes = Object.entries(radii).find(([type]) => this._file.isA(id, type))?.[1] ?? [];
    return Math.max(0, ...attributes.map((name) => this._count(this._file.number(id, name) ?? 0)));
  }

  private _segmentsOfArcs(id: number): number {
    const curve = this._read(id);
    if (curve === undefined) return 0;
    const pieces = curve.pieces(curve.start, curve.end, this._tolerance);
    const counts = pieces.map((piece) => {
      if (piece.kind !== "arc") return 0;
      return segmentsFor(Math.max(lengthOf(piece.x), lengthOf(piece.y)), this._tolerance, piece.sweep);
    });
    return Math.max(0, ...counts);
  }

  /** The farthest point of the profile is about its size beyond the distance of the axis. */
  private _segmentsOfTurn(id: number): number {
    const { metres, radians } = this._curves.measures;
    const [axis, profile] = [this._file.reference(id, "Axis"), this._file.reference(id, "SweptArea")];
    const location = axis === undefined ? undefined : this._file.reference(axis, "Location");
    const distance = location === undefined ? 0 : Math.hypot(...this._file.numbers(location, "Coordinates"));
    const sizes = profile === undefined ? [] : profileSizes.map((name) => this._file.number(profile, name) ?? 0);
    const radius = (distance + Math.max(0, ...sizes)) * metres;
    return segmentsFor(radius, this._tolerance, (this._file.number(id, "Angle") ?? 0) * radians);
  }

  /** One that cannot be read is web-ifc's to tell. */
  private _read(id: number): Curve | undefined {
    try {
      return this._curves.readBounded(id);
    } catch (error) {
      if (error instanceof NotDrawable) return undefined;
      throw error;
    }
  }

  private _count(radius: number): number {
    return segmentsFor(radius * this._curves.measures.metres, this._tolerance);
  }
}
