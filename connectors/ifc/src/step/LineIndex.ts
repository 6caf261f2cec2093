import type { ByteSource } from "./ByteSource.js";

const newline = 0x0a;

/** So many bytes lie between two offsets whose lines are remembered. */
const blockSize = 1024 * 1024;

/** Finds the lines of offsets. It counts each part of the source once, when it is first needed. */
export class LineIndex {
  /** The newlines before each block that was reached. */
  private readonly _before = [0];

  public constructor(private readonly _source: ByteSource) {}

  /** The line of an offset, counted from 1. */
  public lineAt(offset: number): number {
    const block = Math.floor(offset / blockSize);
    while (this._before.length <= block) this._before.push(this._newlinesBefore(this._before.length - 1, blockSize));
    return this._newlinesBefore(block, offset - block * blockSize) + 1;
  }

  /** The newlines before a place in a block whose beginning is known. */
  private _newlinesBefore(block: number, length: number): number {
    const start = block * blockSize;
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this._source.size - start)));
    this._source.copy(bytes, 0, start, bytes.length);
    let count = this._before[block] ?? 0;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++;
    return count;
  }
}
