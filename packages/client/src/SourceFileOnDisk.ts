import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { ClientError } from "./ClientError.js";

/** A file that is read while somebody else may write it: that is noticed before the last of it is handed on. */
export class SourceFileOnDisk {
  private constructor(
    public readonly path: string,
    /** In bytes. */
    public readonly size: number,
    /** Whether it is a file at all. */
    public readonly isFile: boolean,
    private readonly _state: string,
  ) {}

  /** @throws what `stat` throws, where there is no such file */
  public static async open(path: string): Promise<SourceFileOnDisk> {
    const { size, isFile, state } = await look(path);
    return new SourceFileOnDisk(path, size, isFile, state);
  }

  /**
   * The bytes of a part of the file. The last of them come only after a look at whether the file is still what it was.
   * @throws ClientError `client/file-changed`
   */
  public async *read(start = 0, end = this.size): AsyncGenerator<Buffer> {
    let left = end - start;
    if (left === 0) return;
    for await (const chunk of createReadStream(this.path, { start, end: end - 1 }) as AsyncIterable<Buffer>) {
      left -= chunk.length;
      if (left === 0) await this.ensureUnchanged();
      yield chunk;
    }
    if (left > 0) throw this._changed();
  }

  /** @throws ClientError `client/file-changed` */
  public async ensureUnchanged(): Promise<void> {
    if ((await look(this.path)).state !== this._state) throw this._changed();
  }

  private _changed(): ClientError {
    return new ClientError(
      "client/file-changed",
      "The file has changed while it was to be uploaded; nothing of it counts.",
      {
        file: this.path,
        advice: "Wait until the program that writes it is done, and begin again.",
      },
    );
  }
}

/** Replaced files have another inode; the time of the last change of the inode cannot be set back, as that of the content can. */
async function look(path: string): Promise<{ size: number; isFile: boolean; state: string }> {
  const found = await stat(path, { bigint: true });
  const { ino, size, mtimeNs, ctimeNs } = found;
  return { size: Number(size), isFile: found.isFile(), state: [ino, size, mtimeNs, ctimeNs].join(" ") };
}
