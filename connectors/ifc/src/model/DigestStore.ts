/** A digest that took the work of at least so many instances is kept. */
const costly = 32;

/** Of the others, at least so many of the latest are. */
const keptOthers = 100_000;

/**
 * Digests of instances: those that are costly, and the latest of the others. So what many instances refer to is not
 * computed for each of them, and memory hardly grows with the file: an instance in 32 at most is kept.
 */
export class DigestStore {
  private readonly _costly = new Map<number, string>();
  /** Two generations: when the young one is full it becomes the old one, and what is found in the old one is young again. */
  private _young = new Map<number, string>();
  private _old = new Map<number, string>();

  /** The digest of an instance, if it is kept. */
  public get(id: number): string | undefined {
    const digest = this._young.get(id) ?? this._costly.get(id);
    if (digest !== undefined) return digest;
    const old = this._old.get(id);
    if (old !== undefined) this._addYoung(id, old);
    return old;
  }

  /** @param cost - how many instances were read for it, without those whose digests were kept */
  public add(id: number, digest: string, cost: number): void {
    if (cost >= costly) this._costly.set(id, digest);
    else this._addYoung(id, digest);
  }

  private _addYoung(id: number, digest: string): void {
    if (this._young.size >= keptOthers) {
      this._old = this._young;
      this._young = new Map();
    }
    this._young.set(id, digest);
  }
}
