import { axesOf, inverse, within } from "../../curves/axes.js";
import type { Curve } from "../../curves/Curve.js";
import { arcThrough, Composite, Conic, Line, Moved, Part } from "../../curves/curves.js";
import { Polyline } from "../../curves/Polyline.js";
import { lift } from "../../curves/gradient.js";
import { besides, leftOf, offsetByDistances, offsetCurve } from "../../curves/offsets.js";
import { Polynomial } from "../../curves/Polynomial.js";
import { distanceOf, lengthOf, scaled, unit, up, type Vector } from "../../curves/vectors.js";
import { numbersIn, StepTyped, type StepValue } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";
import { NotDrawable } from "./NotDrawable.js";
import { PointReader, type CurveMeasure, type Measures } from "./PointReader.js";
import { readSpiral } from "./readSpiral.js";
import { readSpline } from "./readSpline.js";
import { endOfPart, trim } from "./trim.js";

/** So many curves are kept: those that others are measured along are asked for again and again. */
const keptCurves = 200;

/** Reads curves: every subtype of IfcCurve, edges, paths and loops, in metres. */
export class CurveReader {
  public readonly points: PointReader;
  private readonly _known = new Map<number, Curve>();
  private readonly _active = new Set<number>();
  private readonly _readers: Readonly<Record<string, (id: number) => Curve>> = {
    IFCLINE: (id) => this._line(id),
    IFCPOLYLINE: (id) => this._polyline(id, this._file.references(id, "Points")),
    IFCCIRCLE: (id) => this._conic(id, "Radius", "Radius"),
    IFCELLIPSE: (id) => this._conic(id, "SemiAxis1", "SemiAxis2"),
    IFCTRIMMEDCURVE: (id) => trim(this._file, id, { basis: this._referred(id, "BasisCurve"), points: this.points }, this.measures), // prettier-ignore
    IFCCOMPOSITECURVE: (id) => this._composite(id),
    IFCINDEXEDPOLYCURVE: (id) => this._indexed(id),
    IFCBSPLINECURVE: (id) => readSpline(this._file, id, this.points),
    IFCOFFSETCURVE2D: (id) => offsetCurve(this._bounded(id, "BasisCurve"), this._length(id, "Distance"), leftOf),
    IFCOFFSETCURVE3D: (id) => this._offset3d(id),
    IFCOFFSETCURVEBYDISTANCES: (id) => this._offsetByDistances(id),
    IFCSURFACECURVE: (id) => this._referred(id, "Curve3D"),
    IFCPCURVE: (id) => this._pcurve(id),
    IFCGRADIENTCURVE: (id) => lift(this._bounded(id, "BaseCurve"), this._segments(id)),
    IFCSEGMENTEDREFERENCECURVE: (id) => lift(this._bounded(id, "BaseCurve"), this._segments(id)),
    IFCPOLYNOMIALCURVE: (id) => this._polynomial(id),
    IFCCURVESEGMENT: (id) => this._segment(id),
    IFCCOMPOSITECURVESEGMENT: (id) => this._compositeSegment(id),
    IFCEDGE: (id) => this._edge(id),
    IFCEDGECURVE: (id) => this._edgeCurve(id),
    IFCORIENTEDEDGE: (id) => this._orientedEdge(id),
    IFCPATH: (id) => new Composite(this._file.references(id, "EdgeList").map((edge) => this.read(edge))),
    IFCEDGELOOP: (id) => new Composite(this._file.references(id, "EdgeList").map((edge) => this.read(edge))),
    IFCPOLYLOOP: (id) => this._polyLoop(id),
  };

  public constructor(
    private readonly _file: IfcFile,
    public readonly measures: Measures,
  ) {
    this.points = new PointReader(_file, measures, (id) => this.read(id));
  }

  /** Whether an instance is a curve, an edge, a path or a loop. */
  public canRead(id: number): boolean {
    return this._readerOf(id) !== undefined || this._file.isA(id, "IFCCURVE") || this._file.isA(id, "IFCEDGE");
  }

  /**
   * A curve.
   * @throws NotDrawable for one that cannot be computed
   */
  public read(id: number): Curve {
    const known = this._known.get(id);
    if (known !== undefined) return known;
    const reader = this._readerOf(id);
    if (reader === undefined) throw new NotDrawable(this._file, id, "is a curve of a kind that is not supported");
    if (this._active.has(id)) throw new NotDrawable(this._file, id, "refers to itself");
    this._active.add(id);
    try {
      const curve = reader(id);
      if (this._known.size >= keptCurves) this._known.clear();
      this._known.set(id, curve);
      return curve;
    } finally {
      this._active.delete(id);
    }
  }

  /**
   * A curve with two ends.
   * @throws NotDrawable
   */
  public readBounded(id: number): Curve {
    const curve = this.read(id);
    if (Number.isFinite(curve.end - curve.start)) return curve;
    throw new NotDrawable(this._file, id, "has no ends");
  }

  private _readerOf(id: number): ((id: number) => Curve) | undefined {
    const type = this._file.typeOf(id);
    for (const candidate of [type, ...this._file.schema.supertypesOf(type)]) {
      const reader = this._readers[candidate];
      if (reader !== undefined) return reader;
    }
    return undefined;
  }

  private _line(id: number): Curve {
    const direction = this.points.direction(id, "Dir");
    const vectorId = this._file.reference(id, "Dir");
    if (direction === undefined || vectorId === undefined || lengthOf(direction) === 0)
      throw new NotDrawable(this._file, id, "has no direction");
    const magnitude = (this._file.number(vectorId, "Magnitude") ?? 1) * this.measures.metres;
    return new Line(this.points.point(this._needed(id, "Pnt")), scaled(unit(direction), magnitude || 1));
  }

  private _polyline(id: number, points: readonly number[]): Polyline {
    if (points.length < 2) throw new NotDrawable(this._file, id, "has fewer than two points");
    return new Polyline(points.map((point) => this.points.point(point)));
  }

  private _polyLoop(id: number): Polyline {
    const points = this._file.references(id, "Polygon");
    return this._polyline(id, [...points, ...points.slice(0, 1)]);
  }

  private _conic(id: number, first: string, second: string): Curve {
    const [along, across] = [this._length(id, first), this._length(id, second)];
    if (!(along > 0 && across > 0)) throw new NotDrawable(this._file, id, "has a radius that is not positive");
    const { origin, x, y } = this.points.axes(this._needed(id, "Position"));
    return new Conic(origin, scaled(x, along), scaled(y, across));
  }

  private _composite(id: number): Curve {
    return new Composite(this._segments(id));
  }

  /** Those that have a length: an alignment ends in one without. */
  private _segments(id: number): Curve[] {
    const segments = this._file.references(id, "Segments").map((segment) => this.readBounded(segment));
    const long = segments.filter((segment) => segment.end > segment.start);
    if (long.length === 0) throw new NotDrawable(this._file, id, "has no segments with a length");
    return long;
  }

  private _compositeSegment(id: number): Curve {
    const parent = this._bounded(id, "ParentCurve");
    return this._isFalse(id, "SameSense") ? new Part(parent, parent.end, parent.start) : parent;
  }

  /** A part of a parent curve, moved so that it begins in its placement and along it. */
  private _segment(id: number): Curve {
    const start = this.points.measure(this._file.value(id, "SegmentStart"));
    const length = this.points.measure(this._file.value(id, "SegmentLength"));
    if (start === undefined || length === undefined)
      throw new NotDrawable(this._file, id, "has no SegmentStart or no SegmentLength");
    const parentId = this._needed(id, "ParentCurve");
    const parent = this._file.isA(parentId, "IFCSPIRAL")
      ? readSpiral(this._file, parentId, this.measures, [lengthIn(start, this.measures), lengthIn(length, this.measures)]) // prettier-ignore
      : this.read(parentId);
    const from = this._parameterOf(parentId, parent, start);
    const to =
      "length" in length
        ? parent.parameterAt(parent.distanceAt(from) + length.length)
        : from + length.parameter * this._unitOf(parentId);
    const direction = scaled(parent.derivative(from), to < from ? -1 : 1);
    const own = axesOf(parent.at(from), up, direction);
    const placement = this.points.axes(this._needed(id, "Placement"));
    return new Moved(new Part(parent, from, to), within(placement, inverse(own)));
  }

  private _parameterOf(parentId: number, parent: Curve, measure: CurveMeasure): number {
    return "length" in measure ? parent.parameterAt(measure.length) : measure.parameter * this._unitOf(parentId);
  }

  /** Of a parameter: those of circles are angles, and those of spirals are lengths. */
  private _unitOf(parentId: number): number {
    if (this._file.isA(parentId, "IFCCONIC")) return this.measures.radians;
    return this._file.isA(parentId, "IFCSPIRAL") ? this.measures.metres : 1;
  }

  private _indexed(id: number): Curve {
    const list = this._needed(id, "Points");
    const rows = this._file.value(list, "CoordList");
    const points = (Array.isArray(rows) ? (rows as readonly StepValue[]) : []).map((row) =>
      this.points.coordinates(numbersIn(row)),
    );
    const at = (index: number) => {
      const point = points[index - 1];
      if (point === undefined) throw new NotDrawable(this._file, id, `has no point ${index}`);
      return point;
    };
    const segments = this._file.value(id, "Segments");
    if (!Array.isArray(segments)) return new Polyline(points.length > 1 ? points : [at(1), at(2)]);
    const curves = (segments as readonly StepValue[]).map((segment) => {
      const indices = segment instanceof StepTyped ? numbersIn(segment.value) : [];
      const [a = 0, b = 0, c = 0] = indices;
      const isArc = segment instanceof StepTyped && segment.type === "IFCARCINDEX";
      return isArc ? arcThrough(at(a), at(b), at(c)) : new Polyline(indices.map(at));
    });
    return curves.length === 1 && curves[0] !== undefined ? curves[0] : new Composite(curves);
  }

  private _offset3d(id: number): Curve {
    const direction = this.points.direction(id, "RefDirection") ?? up;
    return offsetCurve(this._bounded(id, "BasisCurve"), this._length(id, "Distance"), besides(direction));
  }

  private _offsetByDistances(id: number): Curve {
    const offsets = this._file.references(id, "OffsetValues").map((offset) => {
      const measure = this.points.measure(this._file.value(offset, "DistanceAlong"));
      return {
        distance: measure === undefined ? 0 : lengthIn(measure, this.measures),
        left: this._length(offset, "OffsetLateral"),
        above: this._length(offset, "OffsetVertical"),
      };
    });
    return offsetByDistances(this._bounded(id, "BasisCurve"), offsets);
  }

  /** On a plane, a curve in two dimensions is one in the axes of the plane. */
  private _pcurve(id: number): Curve {
    const surface = this._needed(id, "BasisSurface");
    if (!this._file.isA(surface, "IFCPLANE"))
      throw new NotDrawable(this._file, id, "lies in a surface other than a plane");
    return new Moved(this._referred(id, "ReferenceCurve"), this.points.axes(this._needed(surface, "Position")));
  }

  private _polynomial(id: number): Curve {
    const [x, y, z] = ["CoefficientsX", "CoefficientsY", "CoefficientsZ"].map((name) => this._file.numbers(id, name));
    const curve = new Polynomial([x ?? [], y ?? [], z ?? []], this.measures.metres);
    return new Moved(curve, this.points.axes(this._needed(id, "Position")));
  }

  private _edge(id: number): Curve {
    return this._polyline(id, [this._needed(id, "EdgeStart"), this._needed(id, "EdgeEnd")]);
  }

  private _edgeCurve(id: number): Curve {
    const basis = this._referred(id, "EdgeGeometry");
    const isReversed = this._isFalse(id, "SameSense");
    const [start, end] = [this._needed(id, "EdgeStart"), this._needed(id, "EdgeEnd")].map((vertex) =>
      this.points.point(vertex),
    ) as [Vector, Vector];
    const [from, to] = [basis.parameterOf(start), basis.parameterOf(end)];
    if (distanceOf(start, end) < 1e-9 && Number.isFinite(basis.end))
      return isReversed ? new Part(basis, from + (basis.period ?? 0), from) : fullTurn(basis, from);
    return new Part(basis, from, endOfPart(basis, { from, to, isForward: !isReversed }));
  }

  private _orientedEdge(id: number): Curve {
    const edge = this._bounded(id, "EdgeElement");
    return this._isFalse(id, "Orientation") ? new Part(edge, edge.end, edge.start) : edge;
  }

  private _bounded(id: number, attribute: string): Curve {
    return this.readBounded(this._needed(id, attribute));
  }

  private _referred(id: number, attribute: string): Curve {
    return this.read(this._needed(id, attribute));
  }

  private _length(id: number, attribute: string): number {
    return (this._file.number(id, attribute) ?? 0) * this.measures.metres;
  }

  private _isFalse(id: number, attribute: string): boolean {
    return this._file.text(id, attribute) === "F";
  }

  private _needed(id: number, attribute: string): number {
    const reference = this._file.reference(id, attribute);
    if (reference === undefined) throw new NotDrawable(this._file, id, `has no ${attribute}`);
    return reference;
  }
}

function fullTurn(basis: Curve, from: number): Curve {
  return basis.period === undefined ? basis : new Part(basis, from, from + basis.period);
}

/** A parameter of a spiral is a length. */
function lengthIn(measure: CurveMeasure, { metres }: Measures): number {
  return "length" in measure ? measure.length : measure.parameter * metres;
}
