import { open, type FileHandle } from "node:fs/promises";
import type { OnProgress } from "itwin-connector-framework/tables";

/** A piece after a jump is short, because another jump may follow; each one after it is twice as long. */
const [shortestPiece, longestPiece] = [1 << 12, 1 << 18];

/** Reads a file piece by piece, by default from its beginning. Only one piece is in memory at a time. */
export class ByteReader {
  private _piece = Buffer.alloc(0);
  /** Where the piece ends in the file. */
  private _end = 0;
  private _nextLength = longestPiece;

  private constructor(
    private readonly _file: FileHandle,
    /** The length of the file, in bytes. */
    public readonly size: number,
    private readonly _onProgress?: OnProgress,
  ) {}

  /** Opens a file. */
  public static async open(path: string, onProgress?: OnProgress): Promise<ByteReader> {
    const file = await open(path);
    return new ByteReader(file, (await file.stat()).size, onProgress);
  }

  /** The next bytes, so many of them, or fewer where the file ends. */
  public async read(length: number): Promise<Buffer> {
    if (this._piece.length < length) await this._fill(length);
    const bytes = this._piece.subarray(0, length);
    this._piece = this._piece.subarray(length);
    return bytes;
  }

  /** Goes on at another byte of the file. */
  public moveTo(position: number): void {
    const skipped = position - (this._end - this._piece.length);
    const isInPiece = skipped >= 0 && skipped <= this._piece.length;
    this._piece = isInPiece ? this._piece.subarray(skipped) : Buffer.alloc(0);
    if (isInPiece) return;
    this._end = position;
    this._nextLength = shortestPiece;
  }

  /** Closes the file. */
  public async close(): Promise<void> {
    await this._file.close();
  }

  /** The bytes that were given out stay as they are, because each piece has memory of its own. */
  private async _fill(length: number): Promise<void> {
    const piece = Buffer.allocUnsafeSlow(Math.max(length, this._nextLength));
    let filled = this._piece.copy(piece);
    let bytesRead = -1;
    while (bytesRead !== 0 && filled < piece.length) {
      ({ bytesRead } = await this._file.read(piece, filled, piece.length - filled, this._end));
      filled += bytesRead;
      this._end += bytesRead;
    }
    this._nextLength = Math.min(this._nextLength * 2, longestPiece);
    this._onProgress?.(this._end, this.size);
    this._piece = piece.subarray(0, filled);
  }
}
