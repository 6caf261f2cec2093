import { Curve, type Piece } from "./Curve.js";
import { plus, scaled, zero, type Vector } from "./vectors.js";

/** What a B-spline is made of. */
export interface SplineShape {
  readonly degree: number;
  readonly poles: readonly Vector[];
  /** One for each pole; undefined where all are the same. */
  readonly weights?: readonly number[];
  /** All of them, each as often as it counts: degree + 1 more than poles. */
  readonly knots: readonly number[];
}

/** A B-spline, rational or not. */
export class Spline extends Curve {
  public readonly start: number;
  public readonly end: number;

  public constructor(private readonly _shape: SplineShape) {
    super();
    const { degree, poles, knots } = _shape;
    this.start = knots[degree] ?? 0;
    this.end = knots[poles.length] ?? 1;
  }

  public at(u: number): Vector {
    const { weights, poles } = this._shape;
    const bounded = Math.min(Math.max(u, this.start), this.end);
    const span = this._spanAt(bounded);
    const shares = this._basisAt(span, bounded);
    let [point, weight] = [zero, 0];
    for (const [index, share] of shares.entries()) {
      const place = span - this._shape.degree + index;
      const own = share * (weights?.[place] ?? 1);
      point = plus(point, scaled(poles[place] ?? zero, own));
      weight += own;
    }
    return scaled(point, 1 / weight);
  }

  public override breaks(): readonly number[] {
    return [...new Set(this._shape.knots)].filter((knot) => knot > this.start && knot < this.end);
  }

  /** The whole of it is exact. */
  public override pieces(from: number, to: number, tolerance: number): Piece[] {
    const isWhole = from === this.start && to === this.end && this._isClamped;
    return isWhole ? [{ kind: "spline", ...this._shape }] : super.pieces(from, to, tolerance);
  }

  /** Whether it begins and ends in its first and last poles, as the iModel wants it. */
  private get _isClamped(): boolean {
    const { degree, knots, poles } = this._shape;
    const isFull = (from: number) => knots.slice(from, from + degree + 1).every((knot) => knot === knots[from]);
    return isFull(0) && isFull(poles.length);
  }

  private _spanAt(u: number): number {
    const { degree, poles, knots } = this._shape;
    let span = degree;
    while (span < poles.length - 1 && u >= (knots[span + 1] ?? Infinity)) span++;
    return span;
  }

  /** The values of the basis functions that are not 0 (The NURBS Book, algorithm A2.2). */
  private _basisAt(span: number, u: number): number[] {
    const { degree, knots } = this._shape;
    const knot = (index: number) => knots[index] ?? 0;
    const shares = [1];
    for (let order = 1; order <= degree; order++) {
      let saved = 0;
      for (let index = 0; index < order; index++) {
        const [right, left] = [knot(span + index + 1) - u, u - knot(span + 1 + index - order)];
        const share = right + left === 0 ? 0 : (shares[index] ?? 0) / (right + left);
        shares[index] = saved + right * share;
        saved = left * share;
      }
      shares[order] = saved;
    }
    return shares;
  }
}
