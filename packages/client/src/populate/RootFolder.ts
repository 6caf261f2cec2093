import type { StorageFile } from "../types.js";
import { findOrMake, type PatientOptions } from "../findOrMake.js";
import type { PendingUpload, StorageClient } from "../StorageClient.js";

/** The root folder of an iTwin, and the files that lie in it. */
export class RootFolder {
  /** By name; the oldest where several have it. */
  private _files?: Map<string, StorageFile>;

  private constructor(
    private readonly _storage: StorageClient,
    private readonly _id: string,
    private readonly _options: PatientOptions,
  ) {}

  public static async open(storage: StorageClient, iTwinId: string, options: PatientOptions): Promise<RootFolder> {
    return new RootFolder(storage, await storage.rootFolderId(iTwinId, options), options);
  }

  /** Begins new content of the file of this name, or a new file. */
  public async beginUpload(name: string): Promise<PendingUpload> {
    const update = async () => {
      const file = await this._find(name);
      return file && this._storage.updateContent(file.id, this._options);
    };
    const create = async () => {
      this._files = undefined; // should it fail, what is there has to be looked at again
      return this._storage.createFile(this._id, name, this._options);
    };
    return findOrMake(update, create, this._options);
  }

  private async _find(name: string): Promise<StorageFile | undefined> {
    this._files ??= await this._list();
    return this._files.get(name);
  }

  private async _list(): Promise<Map<string, StorageFile>> {
    const files = new Map<string, StorageFile>();
    for await (const file of this._storage.files(this._id, this._options))
      if (!files.has(file.displayName)) files.set(file.displayName, file);
    return files;
  }
}
