import { directionAt, pointAt, type Axes } from "./axes.js";
import { Curve, type Piece } from "./Curve.js";
import { Polyline } from "./Polyline.js";
import { cross, distanceOf, dot, lengthOf, minus, plus, scaled, type Vector } from "./vectors.js";

const fullTurn = 2 * Math.PI;

/** A line without ends; the parameter counts lengths of its direction. */
export class Line extends Curve {
  public readonly start = -Infinity;
  public readonly end = Infinity;

  public constructor(
    private readonly _origin: Vector,
    private readonly _direction: Vector,
  ) {
    super();
  }

  public at(u: number): Vector {
    return plus(this._origin, scaled(this._direction, u));
  }

  public override derivative(): Vector {
    return this._direction;
  }

  public override sample(from: number, to: number): Vector[] {
    return [this.at(from), this.at(to)];
  }

  public override lengthBetween(from: number, to: number): number {
    return (to - from) * lengthOf(this._direction);
  }

  /** A line has no start, so that distances count from its origin. */
  public override distanceAt(u: number): number {
    return u * lengthOf(this._direction);
  }

  public override parameterAt(distance: number): number {
    return distance / lengthOf(this._direction);
  }

  public override parameterOf(point: Vector): number {
    return dot(minus(point, this._origin), this._direction) / dot(this._direction, this._direction);
  }
}

/** A circle or an ellipse; the parameter is the angle in radians. */
export class Conic extends Curve {
  public readonly start = 0;
  public readonly end = fullTurn;
  public override readonly period = fullTurn;

  /**
   * @param _x - from the center to the point at 0
   * @param _y - from the center to the point at a right angle
   */
  public constructor(
    private readonly _center: Vector,
    private readonly _x: Vector,
    private readonly _y: Vector,
  ) {
    super();
  }

  public at(u: number): Vector {
    return plus(this._center, plus(scaled(this._x, Math.cos(u)), scaled(this._y, Math.sin(u))));
  }

  public override derivative(u: number): Vector {
    return plus(scaled(this._x, -Math.sin(u)), scaled(this._y, Math.cos(u)));
  }

  public override pieces(from: number, to: number): Piece[] {
    return [{ kind: "arc", center: this._center, x: this._x, y: this._y, start: from, sweep: to - from }];
  }

  public override lengthBetween(from: number, to: number): number {
    return this._isCircle ? (to - from) * lengthOf(this._x) : super.lengthBetween(from, to);
  }

  public override parameterAt(distance: number): number {
    return this._isCircle ? distance / lengthOf(this._x) : super.parameterAt(distance);
  }

  public override parameterOf(point: Vector): number {
    const offset = minus(point, this._center);
    const [along, across] = [this._x, this._y].map((axis) => dot(offset, axis) / dot(axis, axis)) as [number, number];
    return Math.atan2(across, along);
  }

  private get _isCircle(): boolean {
    return Math.abs(lengthOf(this._x) - lengthOf(this._y)) < 1e-12 * lengthOf(this._x);
  }
}

/** A part of a curve. Its parameter counts from 0, in the direction in which the part goes. */
export class Part extends Curve {
  public readonly start = 0;
  public readonly end: number;
  private readonly _sign: number;

  public constructor(
    private readonly _basis: Curve,
    private readonly _from: number,
    to: number,
  ) {
    super();
    this.end = Math.abs(to - _from);
    this._sign = to >= _from ? 1 : -1;
  }

  public at(u: number): Vector {
    return this._basis.at(this._inBasis(u));
  }

  public override breaks(): readonly number[] {
    const breaks = this._basis.breaks().map((u) => (u - this._from) * this._sign);
    const inside = breaks.filter((u) => u > 0 && u < this.end);
    return this._sign > 0 ? inside : inside.reverse();
  }

  public override derivative(u: number): Vector {
    return scaled(this._basis.derivative(this._inBasis(u)), this._sign);
  }

  public override pieces(from: number, to: number, tolerance: number): Piece[] {
    return this._basis.pieces(this._inBasis(from), this._inBasis(to), tolerance);
  }

  public override sample(from: number, to: number, tolerance: number): Vector[] {
    return this._basis.sample(this._inBasis(from), this._inBasis(to), tolerance);
  }

  public override lengthBetween(from: number, to: number): number {
    return this._sign * this._basis.lengthBetween(this._inBasis(from), this._inBasis(to));
  }

  public override parameterAt(distance: number): number {
    const inBasis = this._basis.distanceAt(this._from) + this._sign * distance;
    return (this._basis.parameterAt(inBasis) - this._from) * this._sign;
  }

  public override parameterOf(point: Vector): number {
    const { period } = this._basis;
    let u = (this._basis.parameterOf(point) - this._from) * this._sign;
    if (period !== undefined) u = ((u % period) + period) % period;
    if (u <= this.end) return Math.max(u, 0);
    const ends = [0, this.end].sort(
      (left, right) => distanceOf(this.at(left), point) - distanceOf(this.at(right), point),
    );
    return ends[0] ?? 0;
  }

  private _inBasis(u: number): number {
    return this._from + this._sign * u;
  }
}

/** Curves one after the other; the parameter counts those of the curves. */
export class Composite extends Curve {
  public readonly start = 0;
  public readonly end: number;
  private readonly _starts: readonly number[];
  private _distances?: readonly number[];

  /** @param members - one or more, each in its direction, with ends */
  public constructor(public readonly members: readonly Curve[]) {
    super();
    const starts = [0];
    for (const [index, member] of members.entries()) starts.push((starts[index] ?? 0) + member.end - member.start);
    this.end = starts.pop() ?? 0;
    this._starts = starts;
  }

  public at(u: number): Vector {
    const [member, own] = this._memberAt(u);
    return member.at(own);
  }

  public override breaks(): readonly number[] {
    const all = this.members.flatMap((member, index) => {
      const start = this._starts[index] ?? 0;
      return [start, ...member.breaks().map((u) => start + u - member.start)];
    });
    return all.filter((u) => u > 0);
  }

  public override derivative(u: number): Vector {
    const [member, own] = this._memberAt(u);
    return member.derivative(own);
  }

  public override pieces(from: number, to: number, tolerance: number): Piece[] {
    const pieces = this.members.flatMap((member, index) => {
      const start = this._starts[index] ?? 0;
      const inMember = (u: number) => Math.min(Math.max(u - start + member.start, member.start), member.end);
      const [a, b] = [inMember(from), inMember(to)];
      return a === b ? [] : [member.pieces(a, b, tolerance)];
    });
    return (to >= from ? pieces : pieces.reverse()).flat();
  }

  public override lengthBetween(from: number, to: number): number {
    return this._lengthTo(to) - this._lengthTo(from);
  }

  public override parameterAt(distance: number): number {
    const distances = this._memberDistances;
    const index = Math.max(
      distances.findLastIndex((start) => start <= distance),
      0,
    );
    const member = this._member(index);
    const own = member.parameterAt(member.distanceAt(member.start) + distance - (distances[index] ?? 0));
    return (this._starts[index] ?? 0) + own - member.start;
  }

  private get _memberDistances(): readonly number[] {
    if (this._distances !== undefined) return this._distances;
    const distances = [0];
    for (const [index, member] of this.members.slice(0, -1).entries())
      distances.push((distances[index] ?? 0) + member.lengthBetween(member.start, member.end));
    this._distances = distances;
    return distances;
  }

  private _lengthTo(u: number): number {
    const index = this._indexAt(u);
    const member = this._member(index);
    const own = member.start + u - (this._starts[index] ?? 0);
    return (this._memberDistances[index] ?? 0) + member.lengthBetween(member.start, own);
  }

  private _memberAt(u: number): [Curve, number] {
    const index = this._indexAt(u);
    const member = this._member(index);
    return [member, member.start + u - (this._starts[index] ?? 0)];
  }

  private _indexAt(u: number): number {
    return Math.max(
      this._starts.findLastIndex((start) => start <= u),
      0,
    );
  }

  private _member(index: number): Curve {
    const member = this.members[index];
    if (member === undefined) throw new RangeError("a composite curve has no members");
    return member;
  }
}

/** A curve in other axes, which are perpendicular and of length 1. */
export class Moved extends Curve {
  public readonly start: number;
  public readonly end: number;
  public override readonly period?: number;

  public constructor(
    private readonly _curve: Curve,
    private readonly _axes: Axes,
  ) {
    super();
    this.start = _curve.start;
    this.end = _curve.end;
    this.period = _curve.period;
  }

  public at(u: number): Vector {
    return pointAt(this._axes, this._curve.at(u));
  }

  public override breaks(): readonly number[] {
    return this._curve.breaks();
  }

  public override derivative(u: number): Vector {
    return directionAt(this._axes, this._curve.derivative(u));
  }

  public override pieces(from: number, to: number, tolerance: number): Piece[] {
    return this._curve.pieces(from, to, tolerance).map((piece) => movePiece(piece, this._axes));
  }

  public override sample(from: number, to: number, tolerance: number): Vector[] {
    return this._curve.sample(from, to, tolerance).map((point) => pointAt(this._axes, point));
  }

  public override lengthBetween(from: number, to: number): number {
    return this._curve.lengthBetween(from, to);
  }

  public override distanceAt(u: number): number {
    return this._curve.distanceAt(u);
  }

  public override parameterAt(distance: number): number {
    return this._curve.parameterAt(distance);
  }
}

/** A curve that a function computes. */
export class Computed extends Curve {
  private readonly _breaks: readonly number[];

  /**
   * @param at - the point at a parameter
   * @param breaks - the parameters where the function changes
   */
  public constructor(
    public readonly start: number,
    public readonly end: number,
    private readonly _at: (u: number) => Vector,
    breaks: readonly number[] = [],
  ) {
    super();
    this._breaks = [...new Set(breaks)].filter((u) => u > start && u < end);
  }

  public at(u: number): Vector {
    return this._at(u);
  }

  public override breaks(): readonly number[] {
    return this._breaks;
  }
}

/** A curve whose parameter is a distance of its own, such as the one along the plan of an alignment. */
export class ByDistance extends Computed {
  public override distanceAt(u: number): number {
    return u - this.start;
  }

  public override parameterAt(distance: number): number {
    return this.start + distance;
  }
}

/** A piece in other axes, which need not be perpendicular. */
export function movePiece(piece: Piece, axes: Axes): Piece {
  const point = (other: Vector) => pointAt(axes, other);
  if (piece.kind === "line") return { ...piece, points: piece.points.map(point) };
  if (piece.kind === "spline") return { ...piece, poles: piece.poles.map(point) };
  return { ...piece, center: point(piece.center), x: directionAt(axes, piece.x), y: directionAt(axes, piece.y) };
}

/** The circle through three points, from the first by the second to the third; a polyline where they are on a line. */
export function arcThrough(a: Vector, b: Vector, c: Vector): Curve {
  const [ab, ac] = [minus(b, a), minus(c, a)];
  const normal = cross(ab, ac);
  const size = dot(normal, normal);
  if (!(size > 1e-24 * dot(ab, ab) * dot(ac, ac))) return new Polyline([a, b, c]);
  const toCenter = scaled(
    plus(scaled(cross(normal, ab), dot(ac, ac)), scaled(cross(ac, normal), dot(ab, ab))),
    1 / (2 * size),
  );
  const x = scaled(toCenter, -1);
  const y = scaled(cross(normal, x), 1 / Math.sqrt(size));
  const circle = new Conic(plus(a, toCenter), x, y);
  const end = circle.parameterOf(c);
  return new Part(circle, 0, end > 0 ? end : end + fullTurn);
}
