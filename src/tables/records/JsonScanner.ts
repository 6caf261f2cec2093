import { checkDepth } from "./RecordFault.js";

/** What bytes mean outside of texts. All that is not listed is passed over. */
const [quote, digit, opening, closing, colon, lineEnd] = [1, 2, 3, 4, 5, 6] as const;

const backslash = 92;
const doubleQuote = 34;

const kinds = new Uint8Array(256);
for (const byte of Buffer.from("0123456789")) kinds[byte] = digit;
for (const byte of Buffer.from("{[")) kinds[byte] = opening;
for (const byte of Buffer.from("}]")) kinds[byte] = closing;
kinds[doubleQuote] = quote;
kinds[0x3a] = colon;
kinds[0x0a] = lineEnd;

/** So many digits a double always keeps, and so long is a numeral with a point that has no more. */
const safeLength = 15;

/**
 * Finds the end of objects and lists in JSON, and how many keys they have. It looks only for brackets and texts, so that it
 * takes a fraction of the time of a parser, which is left to judge what it finds.
 */
export class JsonScanner {
  /** How many keys the last one has, at all depths. */
  public keys = 0;
  /** How many line ends there are in it. */
  public lines = 0;
  /** Whether others are within it. */
  public isNested = false;
  /** Whether it has numerals that a double may change. */
  public hasLongNumeral = false;

  /** @param _roundedMember - a member whose numerals do not count */
  public constructor(private readonly _roundedMember?: string) {}

  /**
   * @param start - where the object or list opens
   * @returns the place after its end; -1 if it goes on after the end of the bytes
   */
  public findEnd(bytes: Uint8Array, start: number): number {
    this.hasLongNumeral = this.isNested = false;
    const end = bytes.length;
    this.keys = 0;
    let [at, depth, lines, lastColon] = [start, 0, 0, start];
    while (at < end) {
      const kind = kinds[bytes[at++] ?? 0];
      if (kind === 0) continue;
      if (kind === quote) at = endOfText(bytes, at);
      else if (kind === digit) at = this._passNumeral(bytes, at, lastColon);
      else if (kind === opening) this._open(++depth);
      else if (kind === lineEnd) lines++;
      else if (kind === colon) lastColon = this._passColon(at - 1, depth, lastColon);
      else if (--depth === 0) {
        this.lines = lines;
        return at;
      }
    }
    return -1;
  }

  /** @returns the colon after the last key of the outermost object */
  private _passColon(at: number, depth: number, lastColon: number): number {
    this.keys++;
    return depth === 1 ? at : lastColon;
  }

  private _open(depth: number): void {
    if (depth === 1) return;
    this.isNested = true;
    checkDepth(depth);
  }

  /** @param at - after the first digit */
  private _passNumeral(bytes: Uint8Array, at: number, lastColon: number): number {
    const start = at - 1;
    let byte = bytes[at];
    while (byte !== undefined && byte < 58 && byte > 45) byte = bytes[++at]; // digits and the point
    const isLong = at - start > safeLength || byte === 0x65 || byte === 0x45;
    if (isLong && !this.hasLongNumeral) this.hasLongNumeral = !this._isRounded(bytes, lastColon);
    return at;
  }

  /** Whether the key before a colon is that of the member whose numerals do not count. */
  private _isRounded(bytes: Uint8Array, colonPlace: number): boolean {
    const member = this._roundedMember;
    if (member === undefined) return false;
    let end = colonPlace;
    while (end > 0 && bytes[end] !== doubleQuote) end--;
    if (end <= member.length) return false;
    const start = end - member.length;
    if (bytes[start - 1] !== doubleQuote) return false;
    for (let index = 0; index < member.length; index++)
      if (bytes[start + index] !== member.charCodeAt(index)) return false;
    return true;
  }
}

/**
 * The place after the quote that ends a text; beyond the bytes if there is none.
 * @param at - after the quote that opens it
 */
export function endOfText(bytes: Uint8Array, at: number): number {
  let byte = bytes[at];
  while (byte !== doubleQuote && byte !== undefined) {
    at += byte === backslash ? 2 : 1;
    byte = bytes[at];
  }
  return at + 1;
}
