import { hash } from "node:crypto";
import { decodeStepText } from "../../step/stepText.js";

/** Bytes of a digest. */
export const digestSize = 16;

/** Each part of the bytes begins with one of these marks, so that different contents never have the same bytes. */
export const marks = {
  instance: 1,
  digest: 2,
  list: 3,
  typed: 4,
  end: 5,
  nothing: 6,
  number: 7,
  ascii: 8,
  text: 9,
  name: 10,
  entity: 11,
  attached: 12,
  circle: 13,
  missing: 14,
  binary: 15,
} as const;

const [quote, backslash, lastAscii] = [0x27, 0x5c, 0x7e] as const;

/** Content as bytes that are the same for the same content, however the file writes it. It grows at its end. */
export class ContentBuffer {
  private _bytes = Buffer.allocUnsafeSlow(64 * 1024);
  private _view = viewOf(this._bytes);
  private _length = 0;

  /** In bytes. */
  public get length(): number {
    return this._length;
  }

  public mark(mark: number): void {
    this._reserve(1);
    this._bytes[this._length++] = mark;
  }

  public number(value: number): void {
    this._reserve(9);
    this._bytes[this._length++] = marks.number;
    this._view.setFloat64(this._length, value === 0 ? 0 : value); // there is no -0 in a model
    this._length += 8;
  }

  /** A name in upper case, such as that of a type. */
  public name(mark: number, bytes: Buffer, start: number, end: number): void {
    const to = this._begin(mark, end - start);
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      this._bytes[to + at - start] = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
    }
  }

  /** Bytes as they are. */
  public bytes(mark: number, bytes: Buffer, start: number, end: number): void {
    const to = this._begin(mark, end - start);
    for (let at = start; at < end; at++) this._bytes[to + at - start] = bytes[at] ?? 0;
  }

  /** A text as STEP encodes it. There are several ways to encode one; most texts need none. */
  public encodedText(bytes: Buffer, start: number, end: number): void {
    if (isPlain(bytes, start, end)) this.bytes(marks.ascii, bytes, start, end);
    else this.text(decodeStepText(bytes.subarray(start, end)));
  }

  /** A text. In UTF-8 only characters of ASCII take one byte; UTF-16 keeps halves of characters too. */
  public text(text: string): void {
    const encoded = Buffer.from(text);
    if (encoded.length === text.length) this.bytes(marks.ascii, encoded, 0, encoded.length);
    else {
      const wide = Buffer.from(text, "utf16le");
      this.bytes(marks.text, wide, 0, wide.length);
    }
  }

  /** A digest, one character for each byte. */
  public digest(digest: string): void {
    this._reserve(digestSize + 1);
    this._bytes[this._length++] = marks.digest;
    this._length += this._bytes.write(digest, this._length, "latin1");
  }

  /** The digest of the bytes from an offset on, one character for each byte. */
  public digestFrom(start: number): string {
    return hash("sha256", this._bytes.subarray(start, this._length), "binary").slice(0, digestSize);
  }

  /** Takes away the bytes from an offset on. */
  public cut(length: number): void {
    this._length = length;
  }

  /**
   * Sorts the parts at the end of the bytes.
   * @param starts - where each part begins
   */
  public sort(starts: readonly number[]): void {
    if (starts.length < 2) return;
    const parts = starts.map((start, index) =>
      this._bytes.toString("latin1", start, starts[index + 1] ?? this._length),
    );
    let at = starts[0] ?? 0;
    for (const part of parts.sort()) at += this._bytes.write(part, at, "latin1");
  }

  private _begin(mark: number, length: number): number {
    this._reserve(length + 5);
    this._bytes[this._length] = mark;
    this._view.setUint32(this._length + 1, length);
    const start = this._length + 5;
    this._length = start + length;
    return start;
  }

  private _reserve(length: number): void {
    if (this._length + length <= this._bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this._length + length));
    this._bytes.copy(larger, 0, 0, this._length);
    this._bytes = larger;
    this._view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Whether a text stands for itself: it has neither quotes nor escapes. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote || byte === backslash || byte > lastAscii) return false;
  }
  return true;
}
