import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, constants, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  blobMissing,
  blocksPrefix,
  type BlobStatus,
  type ByteRange,
  type ListedBlob,
  type ServedBlobStore,
} from "./BlobStore.js";
import { makeWritableFolder } from "itwin-connector-framework/internal";
import type { UrlSigner } from "./UrlSigner.js";

/** Marks files that are being written. */
const unfinishedSuffix = ".unfinished";

/** Blobs as files in a folder. Uploads and downloads go through the service itself. */
export class FolderBlobs implements ServedBlobStore {
  public constructor(
    private readonly _folder: string,
    public readonly signer: UrlSigner,
  ) {}

  /** Opens the folder, which is made if it is missing. */
  public static async open(folder: string, signer: UrlSigner): Promise<FolderBlobs> {
    makeWritableFolder(folder);
    await access(folder, constants.R_OK);
    return new FolderBlobs(folder, signer);
  }

  public async uploadUrl(key: string, origin: string): Promise<string> {
    return this.signer.sign(origin, key, "upload");
  }

  public async downloadUrl(key: string, fileName: string, origin: string): Promise<string> {
    return this.signer.sign(origin, key, "download", fileName);
  }

  public async stat(key: string): Promise<BlobStatus | undefined> {
    try {
      const { size, mtime } = await stat(this._path(key));
      return { size, modifiedAt: mtime };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  public async put(key: string, content: Readable): Promise<BlobStatus> {
    const path = this._path(key);
    const unfinished = `${path}.${randomUUID()}${unfinishedSuffix}`;
    await mkdir(dirname(path), { recursive: true });
    try {
      await pipeline(content, createWriteStream(unfinished, { flush: true }));
      const { size, mtime } = await stat(unfinished);
      await rename(unfinished, path);
      return { size, modifiedAt: mtime };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  public async get(key: string, range?: ByteRange): Promise<Readable> {
    try {
      // Open before it is given away: whoever removes the file later takes nothing from its readers.
      const file = await open(this._path(key));
      return file.createReadStream(range);
    } catch (error) {
      throw isMissing(error) ? blobMissing(key, error) : error;
    }
  }

  public async delete(key: string): Promise<void> {
    await rm(this._path(key), { force: true });
    await this.deleteAll(blocksPrefix(key));
  }

  public async deleteAll(prefix: string): Promise<void> {
    await rm(this._path(prefix), { recursive: true, force: true });
  }

  public async list(prefix: string): Promise<ListedBlob[]> {
    const names = await readdir(this._path(prefix)).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const keys = names.filter((name) => !name.endsWith(unfinishedSuffix)).map((name) => prefix + name);
    const statuses = await Promise.all(keys.map((key) => this.stat(key)));
    return keys.flatMap((key, index) => (statuses[index] === undefined ? [] : { key, size: statuses[index].size }));
  }

  private _path(key: string): string {
    const names = key.split("/");
    if (names.some((name) => name === "." || name === "..") || !/^[\w./-]+$/.test(key))
      throw new Error(`${key} is no key of a blob`); // keys are made by the service, never by its clients
    return join(this._folder, ...names);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
