import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ConnectorError } from "../../ConnectorError.js";
import type { BlobStatus, BlobStore } from "./BlobStore.js";
import type { UrlSigner } from "./UrlSigner.js";

/** Blobs as files in a folder. Uploads and downloads go through the service itself. */
export class FolderBlobs implements BlobStore {
  public constructor(
    private readonly _folder: string,
    private readonly _signer: UrlSigner,
  ) {}

  public async uploadUrl(key: string, origin: string): Promise<string> {
    return this._signer.sign(origin, key, "upload");
  }

  public async downloadUrl(key: string, fileName: string, origin: string): Promise<string> {
    return this._signer.sign(origin, key, "download", fileName);
  }

  public async stat(key: string): Promise<BlobStatus | undefined> {
    if (!existsSync(this._path(key))) return undefined;
    return { size: (await stat(this._path(key))).size };
  }

  public async put(key: string, content: Readable): Promise<BlobStatus> {
    const path = this._path(key);
    const unfinished = `${path}.${randomUUID()}.unfinished`;
    await mkdir(dirname(path), { recursive: true });
    try {
      await pipeline(content, createWriteStream(unfinished, { flush: true }));
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    return { size: (await stat(path)).size };
  }

  public async get(key: string): Promise<Readable> {
    const path = this._path(key);
    if (!existsSync(path))
      throw new ConnectorError("service/blob-missing", `The file ${key} is not in the storage of the service.`, {
        advice: "Restore it from a backup, or upload it again.",
      });
    return createReadStream(path);
  }

  public async delete(key: string): Promise<void> {
    await rm(this._path(key), { force: true });
  }

  private _path(key: string): string {
    return join(this._folder, ...key.split("/"));
  }
}
