import { digestSize } from "./ContentBuffer.js";

/** A digest that took the work of at least so many instances is kept. */
const costly = 32;

/** Of the others, at most so many of the latest are: a power of two. */
const slots = 2 ** 17;

/**
 * Digests of instances by their places in the file: those that are costly, and the latest of the others. So what many
 * instances refer to is not computed for each of them, and memory hardly grows with the file: an instance in 32 at most is
 * kept.
 */
export class DigestStore {
  private readonly _costly = new Map<number, string>();
  /** The place whose digest is in a slot, plus 1. */
  private readonly _places = new Uint32Array(slots);
  private readonly _latest = Buffer.alloc(slots * digestSize);

  /** The digest of an instance, one character for each byte, if it is kept. */
  public get(place: number): string | undefined {
    const slot = place % slots;
    if (this._places[slot] !== place + 1) return this._costly.get(place);
    return this._latest.toString("latin1", slot * digestSize, (slot + 1) * digestSize);
  }

  /** @param cost - how many instances were read for it, without those whose digests were kept */
  public add(place: number, digest: string, cost: number): void {
    if (cost >= costly) {
      this._costly.set(place, digest);
      return;
    }
    const slot = place % slots;
    this._places[slot] = place + 1;
    this._latest.write(digest, slot * digestSize, "latin1");
  }
}
