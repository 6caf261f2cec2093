import { Curve } from "./Curve.js";
import { lengthOf, scaled, type Vector } from "./vectors.js";

/** A curve whose coordinates are polynomials of the parameter. It has no ends. */
export class Polynomial extends Curve {
  public readonly start = -Infinity;
  public readonly end = Infinity;

  /**
   * @param _coefficients - those of x, y and z, each from the power 0 on
   * @param _metres - metres for each unit of the coordinates
   */
  public constructor(
    private readonly _coefficients: readonly [x: readonly number[], y: readonly number[], z: readonly number[]],
    private readonly _metres: number,
  ) {
    super();
  }

  public at(u: number): Vector {
    const [x, y, z] = this._coefficients.map((all) => all.reduceRight((sum, own) => sum * u + own, 0));
    return scaled([x ?? 0, y ?? 0, z ?? 0], this._metres);
  }

  public override derivative(u: number): Vector {
    const [x, y, z] = this._coefficients.map((all) =>
      all.reduceRight((sum, own, power) => (power === 0 ? sum : sum * u + own * power), 0),
    );
    return scaled([x ?? 0, y ?? 0, z ?? 0], this._metres);
  }

  /** Distances count from the parameter 0. */
  public override distanceAt(u: number): number {
    return this.lengthBetween(0, u);
  }

  public override parameterAt(distance: number): number {
    let u = 0;
    for (let round = 0; round < 50; round++) {
      const miss = distance - this.distanceAt(u);
      if (Math.abs(miss) < 1e-10) break;
      u += miss / lengthOf(this.derivative(u));
    }
    return u;
  }
}
