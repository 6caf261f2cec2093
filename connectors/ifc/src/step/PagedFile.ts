import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ByteSource } from "./ByteSource.js";
import { StepSyntaxError } from "./StepSyntaxError.js";

/** A page is small, because files whose instances are not in order are read all over the place. */
const pageSize = 16 * 1024;

/** At most so many bytes of the pages of a file are kept. */
const cacheSize = 96 * 1024 * 1024;

/**
 * A file of up to so many bytes is kept whole: a reader goes over it once for each type of relationship, and pages that are
 * thrown away and read again cost more than all the rest of the reading.
 */
const keptWhole = 256 * 1024 * 1024;

/**
 * A file that is read in pages, so that memory does not grow with it. A file that changes while it is open is noticed when
 * the next page is read.
 */
export class PagedFile implements ByteSource {
  public readonly size: number;
  private readonly _descriptor: number;
  private readonly _state: string;
  private readonly _mostYoung: number;
  /** Two generations: when the young one is full it becomes the old one, and what is read from the old one is young again. */
  private _young = new Map<number, Buffer>();
  private _old = new Map<number, Buffer>();

  public constructor(path: string) {
    this._descriptor = openSync(path, "r");
    this._state = this._readState();
    this.size = fstatSync(this._descriptor).size;
    this._mostYoung = this.size <= keptWhole ? Infinity : cacheSize / pageSize / 2;
  }

  public read(offset: number, length: number): Buffer {
    const first = Math.floor(offset / pageSize);
    const start = offset - first * pageSize;
    if (start + length <= pageSize) return this._page(first).subarray(start, start + length);
    const bytes = Buffer.allocUnsafe(length);
    if (length > cacheSize / 4) this.copy(bytes, 0, offset, length);
    else this._collect(bytes, first, start);
    return bytes;
  }

  public copy(target: Buffer, targetStart: number, offset: number, length: number): void {
    let done = 0;
    while (done < length) {
      const read = readSync(this._descriptor, target, targetStart + done, length - done, offset + done);
      if (read === 0) throw this._changed(offset + done);
      done += read;
    }
    if (this._readState() !== this._state) throw this._changed(offset);
  }

  public close(): void {
    closeSync(this._descriptor);
  }

  private _collect(bytes: Buffer, first: number, start: number): void {
    let done = 0;
    for (let page = first; done < bytes.length; page++)
      done += this._page(page).copy(bytes, done, page === first ? start : 0);
  }

  private _page(number: number): Buffer {
    const young = this._young.get(number);
    if (young !== undefined) return young;
    const page = this._old.get(number) ?? this._readPage(number);
    if (this._young.size >= this._mostYoung) {
      this._old = this._young;
      this._young = new Map();
    }
    this._young.set(number, page);
    return page;
  }

  private _readPage(number: number): Buffer {
    const offset = number * pageSize;
    const length = Math.min(pageSize, this.size - offset);
    if (length <= 0) throw this._changed(this.size);
    const page = Buffer.allocUnsafeSlow(length);
    this.copy(page, 0, offset, length);
    return page;
  }

  /** What changes with the file: its size and the time of its last change, in nanoseconds. */
  private _readState(): string {
    const { size, mtimeNs } = fstatSync(this._descriptor, { bigint: true });
    return `${size} ${mtimeNs}`;
  }

  private _changed(offset: number): StepSyntaxError {
    return new StepSyntaxError("another program changed it while it was read", offset, "changed");
  }
}
