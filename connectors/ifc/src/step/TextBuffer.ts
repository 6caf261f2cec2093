/** Bytes of a text that grows at its end. */
export class TextBuffer {
  private _buffer = Buffer.allocUnsafeSlow(64 * 1024);
  private _length = 0;

  /** In bytes. */
  public get length(): number {
    return this._length;
  }

  /** The text so far. */
  public get bytes(): Buffer {
    return this._buffer.subarray(0, this._length);
  }

  /** Appends bytes, and texts of Latin-1. */
  public append(...parts: readonly (string | Buffer)[]): void {
    for (const part of parts) {
      this._reserve(part.length);
      this._length +=
        typeof part === "string"
          ? this._buffer.write(part, this._length, "latin1")
          : part.copy(this._buffer, this._length);
    }
  }

  private _reserve(length: number): void {
    if (this._length + length <= this._buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this._length + length));
    this._buffer.copy(larger, 0, 0, this._length);
    this._buffer = larger;
  }
}
