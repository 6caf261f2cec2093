import { distanceOf, lengthOf, minus, scaled, unit, type Vector } from "./vectors.js";

/** A part of a curve that the iModel has a primitive for. */
export type Piece =
  | { readonly kind: "line"; readonly points: readonly Vector[] }
  | {
      readonly kind: "arc";
      readonly center: Vector;
      /** From the center to the points at 0 and at a right angle. */
      readonly x: Vector;
      readonly y: Vector;
      /** In radians. */
      readonly start: number;
      readonly sweep: number;
    }
  | {
      readonly kind: "spline";
      readonly degree: number;
      readonly poles: readonly Vector[];
      readonly weights?: readonly number[];
      /** All of them, those at the ends degree + 1 times. */
      readonly knots: readonly number[];
    };

/** Halves of an interval more often than this are too short to matter. */
const mostHalvings = 12;

/** So many intervals show where on a curve something is, before it is looked for exactly. */
const coarse = 64;

/** Nodes and weights of Gauss and Legendre on the interval from 0 to 1. */
const gauss = [
  [0.046910077030668, 0.118463442528095],
  [0.230765344947158, 0.239314335249683],
  [0.5, 0.284444444444444],
  [0.769234655052842, 0.239314335249683],
  [0.953089922969332, 0.118463442528095],
] as const;

/** The integral of a smooth function over a short interval. */
export function integrate(from: number, to: number, of: (u: number) => number): number {
  return (to - from) * gauss.reduce((sum, [node, weight]) => sum + weight * of(from + node * (to - from)), 0);
}

/** A curve over a parameter, in metres. */
export abstract class Curve {
  /** The parameters of its ends; infinite for a line. */
  public abstract readonly start: number;
  public abstract readonly end: number;
  /** After this much of the parameter it begins again. */
  public readonly period?: number;
  private _lengths?: { readonly from: number; readonly to: number; readonly sums: readonly number[] };

  /** The point at a parameter. */
  public abstract at(u: number): Vector;

  /** The parameters at which the curve has a corner, or is made of something else from there on, in order. */
  public breaks(): readonly number[] {
    return [];
  }

  /** The derivative at a parameter, of any length. */
  public derivative(u: number): Vector {
    const range = this.end - this.start;
    const step = 1e-6 * (Number.isFinite(range) && range > 0 ? range : 1);
    const [low, high] = [Math.max(u - step, this.start), Math.min(u + step, this.end)];
    return scaled(minus(this.at(high), this.at(low)), 1 / (high - low));
  }

  /** The direction at a parameter. */
  public tangent(u: number): Vector {
    return unit(this.derivative(u));
  }

  /**
   * What the iModel shows of a part of the curve.
   * @param tolerance - how far line strings may be from the curve, in metres
   */
  public pieces(from: number, to: number, tolerance: number): Piece[] {
    return [{ kind: "line", points: this.sample(from, to, tolerance) }];
  }

  /** Points of a part of the curve, so dense that straight lines between them are near enough to it. */
  public sample(from: number, to: number, tolerance: number): Vector[] {
    const isForward = to >= from;
    const inner = this.breaks().filter((u) => (u - from) * (u - to) < 0);
    const stops = [from, ...(isForward ? inner : [...inner].reverse()), to];
    const points = [this.at(from)];
    for (const [index, stop] of stops.slice(1).entries()) this._refine(stops[index] ?? from, stop, tolerance, points);
    return points.filter((point, index) => index < 2 || distanceOf(point, points[index - 1] ?? point) > 1e-9);
  }

  /** The length of a part of the curve, in metres; negative where it goes against the parameter. */
  public lengthBetween(from: number, to: number): number {
    const stops = [from, ...this._stepsBetween(from, to), to];
    let length = 0;
    for (const [index, stop] of stops.slice(1).entries())
      length += integrate(stops[index] ?? from, stop, (u) => lengthOf(this.derivative(u)));
    return length;
  }

  /** The distance of a parameter from the start, in metres. */
  public distanceAt(u: number): number {
    return this.lengthBetween(this.start, u);
  }

  /** The parameter at a distance from the start, in metres, or beyond the ends. */
  public parameterAt(distance: number): number {
    const { from, to, sums } = this._table();
    const step = (to - from) / (sums.length - 1);
    let index = sums.findIndex((sum) => sum >= distance);
    if (index < 0) index = sums.length - 1;
    index = Math.max(1, index);
    const [before = 0, after = 0] = sums.slice(index - 1, index + 1);
    let u = from + step * (index - 1 + (after > before ? (distance - before) / (after - before) : 0));
    for (let round = 0; round < 20; round++) {
      const speed = lengthOf(this.derivative(Math.min(Math.max(u, this.start), this.end)));
      const start = from + step * (index - 1);
      const miss = distance - before - this.lengthBetween(start, u);
      if (Math.abs(miss) < 1e-9 || speed === 0) break;
      u += miss / speed;
    }
    return u;
  }

  /** The parameter of the point of the curve that is nearest to a point. */
  public parameterOf(point: Vector): number {
    const distanceAt = (u: number) => distanceOf(this.at(u), point);
    const step = (this.end - this.start) / coarse;
    let best = this.start;
    for (let index = 1; index <= coarse; index++) {
      const u = this.start + index * step;
      if (distanceAt(u) < distanceAt(best)) best = u;
    }
    for (const corner of this.breaks()) if (distanceAt(corner) < distanceAt(best)) best = corner;
    let [low, high] = [Math.max(this.start, best - step), Math.min(this.end, best + step)];
    while (high - low > 1e-12 * Math.max(1, Math.abs(high))) {
      const third = (high - low) / 3;
      if (third === 0 || low + third === low) break;
      if (distanceAt(low + third) < distanceAt(high - third)) high -= third;
      else low += third;
    }
    return (low + high) / 2;
  }

  private _refine(from: number, to: number, tolerance: number, points: Vector[]): void {
    const parts = 4;
    for (let part = 0; part < parts; part++) {
      const [a, b] = [from + ((to - from) * part) / parts, from + ((to - from) * (part + 1)) / parts];
      this._halve([a, this.at(a)], [b, this.at(b)], { tolerance, depth: mostHalvings, points });
    }
  }

  private _halve(
    [from, start]: readonly [number, Vector],
    [to, end]: readonly [number, Vector],
    { tolerance, depth, points }: { tolerance: number; depth: number; points: Vector[] },
  ): void {
    const middle = (from + to) / 2;
    const point = this.at(middle);
    const isNear =
      distanceToLine(point, start, end) <= tolerance &&
      distanceToLine(this.at(from + (to - from) / 4), start, end) <= tolerance;
    if (isNear || depth === 0) {
      points.push(end);
      return;
    }
    this._halve([from, start], [middle, point], { tolerance, depth: depth - 1, points });
    this._halve([middle, point], [to, end], { tolerance, depth: depth - 1, points });
  }

  private _stepsBetween(from: number, to: number): number[] {
    const inner = this.breaks().filter((u) => (u - from) * (u - to) < 0);
    const steps = Array.from({ length: 15 }, (_, index) => from + ((to - from) * (index + 1)) / 16);
    return [...inner, ...steps].sort((left, right) => (to >= from ? left - right : right - left));
  }

  /** The lengths from the start to parameters of equal distances. */
  private _table(): NonNullable<Curve["_lengths"]> {
    if (this._lengths !== undefined) return this._lengths;
    const sums = [0];
    for (let index = 0; index < coarse; index++) {
      const at = (place: number) => this.start + ((this.end - this.start) * place) / coarse;
      sums.push((sums[index] ?? 0) + this.lengthBetween(at(index), at(index + 1)));
    }
    this._lengths = { from: this.start, to: this.end, sums };
    return this._lengths;
  }
}

/** How far a point is from the line between two others. */
function distanceToLine(point: Vector, start: Vector, end: Vector): number {
  const along = minus(end, start);
  const length = lengthOf(along);
  if (length === 0) return distanceOf(point, start);
  const direction = scaled(along, 1 / length);
  const offset = minus(point, start);
  const share = offset[0] * direction[0] + offset[1] * direction[1] + offset[2] * direction[2];
  return lengthOf(minus(offset, scaled(direction, Math.min(Math.max(share, 0), length))));
}
