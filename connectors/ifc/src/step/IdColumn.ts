import { GrowingArray } from "./GrowingArray.js";

/** Numbers from this on do not fit into 32 bits. */
const word = 2 ** 32;

/** Numbers of instances: 4 bytes for each, or 8 where one of them is above 2 to the power of 32. */
export class IdColumn {
  private readonly _small = new GrowingArray(Uint32Array);
  /** The numbers from the first large one on. */
  private readonly _large = new GrowingArray(Float64Array);

  public get length(): number {
    return this._small.length + this._large.length;
  }

  public push(id: number): void {
    (id < word && this._large.length === 0 ? this._small : this._large).push(id);
  }

  /** Hands over the numbers, and is empty then. */
  public take(): Uint32Array | Float64Array {
    if (this._large.length === 0) return this._small.moveTo(new Uint32Array(this._small.length));
    const ids = new Float64Array(this.length);
    this._large.moveTo(ids.subarray(this._small.length));
    return this._small.moveTo(ids);
  }
}
