/**
 * Foresees which entities are to be meshed after one, so that they share a slice: new ones are known before, and of the
 * others it is only known whether the ones before them changed.
 */
export class MeshingOrder {
  private _batch: readonly number[] = [];
  private _expected: readonly number[] = [];
  /** The place in the batch behind the last entities that were foreseen, and how many these were. */
  private _end = 0;
  private _guess = 0;

  /** Told the entities that come next, in this order. Those that did not change are not meshed. */
  public begin(batch: readonly number[]): void {
    this._batch = batch;
    this._expected = [];
    this._guess = 0;
  }

  /** Told which ones of them are sure to be meshed. */
  public expect(ids: readonly number[]): void {
    this._expected = ids;
  }

  /**
   * An entity, and those that are likely to be meshed after it. Where the last ones that were foreseen lead up to it, as
   * when all entities move, it foresees twice as many.
   */
  public nextFrom(id: number): readonly number[] {
    const expected = this._expected.indexOf(id);
    if (expected >= 0) return this._expected.slice(expected);
    const place = this._batch.indexOf(id);
    if (place < 0) return [id];
    this._guess = place === this._end && this._guess > 0 ? this._guess * 2 : 1;
    this._end = place + this._guess;
    return this._batch.slice(place, this._end);
  }
}
