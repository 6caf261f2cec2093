import { open, type FileHandle } from "node:fs/promises";
import type { OnProgress } from "itwin-connector-framework/tables";

const pieceLength = 1 << 18;

/** Reads a file from its beginning, so that only a piece of it is in memory at a time. */
export class ByteReader {
  private _piece = Buffer.alloc(0);
  private _position = 0;

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

  /** Closes the file. */
  public async close(): Promise<void> {
    await this._file.close();
  }

  /** The bytes that were given out stay as they are, because each piece has memory of its own. */
  private async _fill(length: number): Promise<void> {
    const piece = Buffer.allocUnsafeSlow(Math.max(length, pieceLength));
    let filled = this._piece.copy(piece);
    let bytesRead = -1;
    while (bytesRead !== 0 && filled < piece.length) {
      ({ bytesRead } = await this._file.read(piece, filled, piece.length - filled));
      filled += bytesRead;
      this._position += bytesRead;
    }
    this._onProgress?.(this._position, this.size);
    this._piece = piece.subarray(0, filled);
  }
}
