import { Curve } from "./Curve.js";
import { between, distanceOf, dot, minus, type Vector } from "./vectors.js";

/** Straight lines from point to point; the parameter counts the points. */
export class Polyline extends Curve {
  public readonly start = 0;
  public readonly end: number;
  private readonly _sums: readonly number[];

  /** @param points - two or more */
  public constructor(public readonly points: readonly Vector[]) {
    super();
    this.end = points.length - 1;
    const sums = [0];
    for (const [index, point] of points.slice(1).entries())
      sums.push((sums[index] ?? 0) + distanceOf(points[index] ?? point, point));
    this._sums = sums;
  }

  public at(u: number): Vector {
    const [from, to] = this._segmentAt(u);
    return between(from, to, u - this._indexAt(u));
  }

  public override breaks(): readonly number[] {
    return this.points.slice(1, -1).map((_, index) => index + 1);
  }

  public override derivative(u: number): Vector {
    const [from, to] = this._segmentAt(u);
    return minus(to, from);
  }

  public override sample(from: number, to: number): Vector[] {
    const inner = this.breaks().filter((u) => (u - from) * (u - to) < 0);
    return [from, ...(to >= from ? inner : [...inner].reverse()), to].map((u) => this.at(u));
  }

  public override lengthBetween(from: number, to: number): number {
    return this._lengthTo(to) - this._lengthTo(from);
  }

  public override parameterAt(distance: number): number {
    const found = this._sums.findIndex((sum, place) => place > 0 && sum >= distance);
    const index = found < 0 ? this.end - 1 : found - 1;
    const [before = 0, after = 0] = this._sums.slice(index, index + 2);
    return index + (after > before ? (distance - before) / (after - before) : 0);
  }

  public override parameterOf(point: Vector): number {
    let best = { u: 0, distance: Infinity };
    for (const [index, to] of this.points.slice(1).entries()) {
      const from = this.points[index] ?? to;
      const along = minus(to, from);
      const share = dot(minus(point, from), along) / (dot(along, along) || 1);
      const u = index + Math.min(Math.max(share, 0), 1);
      const distance = distanceOf(this.at(u), point);
      if (distance < best.distance) best = { u, distance };
    }
    return best.u;
  }

  private _lengthTo(u: number): number {
    const index = this._indexAt(u);
    const [before = 0, after = 0] = this._sums.slice(index, index + 2);
    return before + (after - before) * (u - index);
  }

  private _indexAt(u: number): number {
    return Math.min(Math.max(Math.floor(u), 0), this.end - 1);
  }

  private _segmentAt(u: number): [Vector, Vector] {
    const index = this._indexAt(u);
    return this.points.slice(index, index + 2) as [Vector, Vector];
  }
}
