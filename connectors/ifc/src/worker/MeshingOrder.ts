/** Entities that come together. */
interface Batch {
  readonly ids: readonly number[];
  /** Those of them that are sure to be meshed. */
  expected: readonly number[];
  /** The place behind the last ones that were foreseen without being sure, and how many these were. */
  end: number;
  guess: number;
}

/**
 * Foresees which entities are to be meshed after one, so that they share a slice: new ones are known before, and of the
 * others it is only known whether the ones before them changed.
 */
export class MeshingOrder {
  private readonly _batches: Batch[] = [];

  /** @param _kept - so many batches are under way at the same time */
  public constructor(private readonly _kept: number) {}

  /** Told the entities that come next, in this order. Those that did not change are not meshed. */
  public begin(ids: readonly number[]): void {
    if (this._batches.length >= this._kept) this._batches.shift();
    this._batches.push({ ids, expected: [], end: 0, guess: 0 });
  }

  /** Told which ones of them are sure to be meshed. */
  public expect(ids: readonly number[]): void {
    const last = this._batches.at(-1);
    if (last !== undefined) last.expected = ids;
  }

  /**
   * An entity, and those of its batch that are likely to be meshed after it. Where the last ones that were foreseen lead up to
   * it, as when all entities move, it foresees twice as many.
   */
  public nextFrom(id: number): readonly number[] {
    const batch = this._batches.findLast(({ ids }) => ids.includes(id));
    if (batch === undefined) return [id];
    const expected = batch.expected.indexOf(id);
    return expected >= 0 ? batch.expected.slice(expected) : guessFrom(batch, batch.ids.indexOf(id));
  }
}

function guessFrom(batch: Batch, place: number): readonly number[] {
  batch.guess = place === batch.end && batch.guess > 0 ? batch.guess * 2 : 1;
  batch.end = place + batch.guess;
  return batch.ids.slice(place, batch.end);
}
