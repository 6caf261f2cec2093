import { axesOf, type Axes } from "../../curves/axes.js";
import type { Curve } from "../../curves/Curve.js";
import { Part } from "../../curves/curves.js";
import { intersect } from "../../curves/intersect.js";
import { leftOf, offsetCurve } from "../../curves/offsets.js";
import { minus, up, vector, type Vector } from "../../curves/vectors.js";
import { referenceIn } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";
import type { CurveReader } from "../curves/CurveReader.js";
import { NotDrawable } from "../curves/NotDrawable.js";

/** The lists of an IfcGrid that hold its axes. */
export const axisLists = ["UAxes", "VAxes", "WAxes"] as const;

/** The three attributes of an IfcGridPlacement. */
interface GridPlacement {
  readonly relativeTo?: number;
  readonly location?: number;
  readonly direction?: number;
}

/** Where two axes of a grid meet, and the curve of the first one there. */
interface Intersection {
  readonly point: Vector;
  readonly first: Curve;
}

/** Computes the axes of IfcGridPlacements, relative to their grids. */
export class GridPlacements {
  private _grids?: ReadonlyMap<number, number>;

  public constructor(
    private readonly _file: IfcFile,
    private readonly _curves: CurveReader,
  ) {}

  /** The curve of an IfcGridAxis, in its sense. */
  public static curveOf(file: IfcFile, curves: CurveReader, axis: number): Curve {
    const id = file.reference(axis, "AxisCurve");
    if (id === undefined) throw new NotDrawable(file, axis, "has no AxisCurve");
    const curve = curves.readBounded(id);
    return file.text(axis, "SameSense") === "F" ? new Part(curve, curve.end, curve.start) : curve;
  }

  /** The placement that it says to be relative to. */
  public relativeTo(id: number): number | undefined {
    return this._read(id).relativeTo;
  }

  /** The IfcGrid whose axes place it. */
  public gridOf(id: number): number | undefined {
    const { location } = this._read(id);
    const [axis] = location === undefined ? [] : this._file.references(location, "IntersectingAxes");
    return axis === undefined ? undefined : (this._grids ??= this._findGrids()).get(axis);
  }

  /**
   * The axes in those of the grid.
   * @throws NotDrawable
   */
  public axesOf(id: number): Axes {
    const { location, direction } = this._read(id);
    if (location === undefined) throw new NotDrawable(this._file, id, "has no PlacementLocation");
    const { point, first } = this._intersection(location);
    return axesOf(point, up, this._directionOf(direction, point) ?? first.derivative(first.parameterOf(point)));
  }

  /** IFC4X3 has PlacementRelTo in front, and some programs write it in earlier editions, too. */
  private _read(id: number): GridPlacement {
    const references = this._file.step.valuesOf(id).map(referenceIn);
    const [relativeTo, location, direction] = references.length > 2 ? references : [undefined, ...references];
    return { relativeTo, location, direction };
  }

  private _directionOf(id: number | undefined, from: Vector): Vector | undefined {
    if (id === undefined) return undefined;
    if (this._file.typeOf(id) === "IFCDIRECTION") {
      const [x, y] = this._file.numbers(id, "DirectionRatios");
      return vector([x ?? 1, y ?? 0]);
    }
    const [x, y] = minus(this._intersection(id).point, from);
    if (Math.hypot(x, y) < 1e-9) throw new NotDrawable(this._file, id, "is the place itself, and gives no direction");
    return [x, y, 0];
  }

  private _intersection(id: number): Intersection {
    const axes = this._file.references(id, "IntersectingAxes");
    const offsets = this._file
      .numbers(id, "OffsetDistances")
      .map((offset) => this._curves.points.coordinates([offset])[0]);
    const [first, second] = axes.slice(0, 2).map((axis, index) => this._axis(axis, offsets[index] ?? 0));
    const point = first === undefined || second === undefined ? undefined : intersect(first, second);
    if (first === undefined || point === undefined) throw new NotDrawable(this._file, id, "has axes that do not meet");
    return { point: [point[0], point[1], point[2] + (offsets[2] ?? 0)], first };
  }

  private _axis(axis: number, offset: number): Curve {
    const curve = GridPlacements.curveOf(this._file, this._curves, axis);
    return offset === 0 ? curve : offsetCurve(curve, offset, leftOf);
  }

  private _findGrids(): Map<number, number> {
    const grids = new Map<number, number>();
    for (const grid of this._file.all("IFCGRID"))
      for (const list of axisLists) for (const axis of this._file.references(grid, list)) grids.set(axis, grid);
    return grids;
  }
}
