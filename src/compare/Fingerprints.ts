import { createHash } from "node:crypto";

/** So many 32-bit numbers make up a fingerprint. */
const lanes = 4;

/**
 * A fingerprint of 128 bits for each of many things. What a thing consists of can be added piece by piece in any
 * order, because ids, which do not count, are all that gives an order to the aspects of an element.
 */
export class Fingerprints {
  private readonly _numbers: Uint32Array;

  public constructor(count: number) {
    this._numbers = new Uint32Array(count * lanes);
  }

  /** Adds a piece of content to a thing. */
  public add(index: number, content: string): void {
    const hash = createHash("sha1").update(content).digest();
    // Adding, not xor: two equal pieces must not cancel out.
    for (let lane = 0; lane < lanes; lane++) {
      const place = index * lanes + lane;
      this._numbers[place] = (this._numbers[place] ?? 0) + hash.readUInt32LE(lane * 4);
    }
  }

  /** Whether a thing here is the same as one there. */
  public isSame(index: number, other: Fingerprints, otherIndex: number): boolean {
    for (let lane = 0; lane < lanes; lane++)
      if (this._numbers[index * lanes + lane] !== other._numbers[otherIndex * lanes + lane]) return false;
    return true;
  }

  /** The fingerprint of a thing as text, for use as a key. */
  public textOf(index: number): string {
    return this._numbers.subarray(index * lanes, (index + 1) * lanes).join("-");
  }
}
