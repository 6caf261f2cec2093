import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { UploadSource } from "itwin-connector-client";
import { fileChanged } from "../upload/UploadSource.js";

/** A file that other programs may write while it is read. A change is noticed before the last bytes are handed on. */
export class FileOnDisk implements UploadSource {
  public readonly name: string;

  private constructor(
    public readonly path: string,
    public readonly size: number,
    /** False for a folder, a device and so on. */
    public readonly isFile: boolean,
    private readonly _state: string,
  ) {
    this.name = basename(path);
  }

  /** @throws what `stat` throws, where there is no such file */
  public static async open(path: string): Promise<FileOnDisk> {
    const { size, isFile, state } = await look(path);
    return new FileOnDisk(path, size, isFile, state);
  }

  /** The last bytes come only after a check that the file is unchanged. @throws ClientError `client/file-changed` */
  public async *read(start = 0, end = this.size): AsyncGenerator<Uint8Array> {
    let left = end - start;
    if (left === 0) return;
    for await (const chunk of createReadStream(this.path, { start, end: end - 1 }) as AsyncIterable<Uint8Array>) {
      left -= chunk.length;
      if (left === 0) await this.ensureUnchanged();
      yield chunk;
    }
    if (left > 0) throw fileChanged(this.path);
  }

  public async ensureUnchanged(): Promise<void> {
    if ((await look(this.path)).state !== this._state) throw fileChanged(this.path);
  }
}

/** A replaced file has another inode. The change time of an inode cannot be set back; that of the content can. */
async function look(path: string): Promise<{ size: number; isFile: boolean; state: string }> {
  const found = await stat(path, { bigint: true });
  const { ino, size, mtimeNs, ctimeNs } = found;
  return { size: Number(size), isFile: found.isFile(), state: [ino, size, mtimeNs, ctimeNs].join(" ") };
}
