/** Bytes that are read in parts, at any offset: a file, or a buffer. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /**
   * The bytes from an offset on. Do not change them: others read the same memory.
   * @throws StepSyntaxError where the bytes are not there any more
   */
  read(offset: number, length: number): Buffer;
  /** Copies bytes from an offset on, past all caches. */
  copy(target: Buffer, targetStart: number, offset: number, length: number): void;
  close(): void;
}

/** The bytes of a buffer. */
export class BufferSource implements ByteSource {
  public constructor(private readonly _bytes: Buffer) {}

  public get size(): number {
    return this._bytes.length;
  }

  public read(offset: number, length: number): Buffer {
    return this._bytes.subarray(offset, offset + length);
  }

  public copy(target: Buffer, targetStart: number, offset: number, length: number): void {
    this._bytes.copy(target, targetStart, offset, offset + length);
  }

  public close(): void {
    // a buffer holds nothing open
  }
}
