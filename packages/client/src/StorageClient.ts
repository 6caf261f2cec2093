import { basename } from "node:path";
import type { StorageFile, StorageFolder } from "./api/types.js";
import { allPages, type Api, type CallOptions, type Connected } from "./http/api.js";
import { SourceFileOnDisk } from "./SourceFileOnDisk.js";
import { uploadFile, type UploadOptions } from "./upload.js";

/** A file whose content is to be uploaded. */
export interface PendingUpload {
  fileId: string;
  /** Takes the content by PUT, without a token, for a limited time. */
  uploadUrl: string;
}

/** The files and folders of iTwins. Every method throws `ApiError`, `NoAnswerError`, or what its token source throws. */
export class StorageClient {
  private readonly _api: Api;

  public constructor(private readonly _connected: Connected) {
    this._api = _connected.api;
  }

  /** The id of the root folder of an iTwin, which the link to it ends with. */
  public async rootFolderId(iTwinId: string, { signal }: CallOptions = {}): Promise<string> {
    const { data } = await this._api.GET("/storage", { params: { query: { iTwinId } }, signal });
    return new URL(data!._links.folder.href).pathname.split("/").at(-1)!;
  }

  /** The files in a folder, oldest first. */
  public files(folderId: string, { signal }: CallOptions = {}): AsyncGenerator<StorageFile> {
    return allPages(async (query) => {
      const params = { path: { id: folderId }, query };
      const { data } = await this._api.GET("/storage/folders/{id}/files", { params, signal });
      return data!.files;
    });
  }

  /** The folders in a folder, oldest first. */
  public folders(folderId: string, { signal }: CallOptions = {}): AsyncGenerator<StorageFolder> {
    return allPages(async (query) => {
      const params = { path: { id: folderId }, query };
      const { data } = await this._api.GET("/storage/folders/{id}/folders", { params, signal });
      return data!.folders;
    });
  }

  public async getFile(id: string, { signal }: CallOptions = {}): Promise<StorageFile> {
    return (await this._api.GET("/storage/files/{id}", { params: { path: { id } }, signal })).data!.file;
  }

  public async getFolder(id: string, { signal }: CallOptions = {}): Promise<StorageFolder> {
    return (await this._api.GET("/storage/folders/{id}", { params: { path: { id } }, signal })).data!.folder;
  }

  public async createFolder(parentId: string, displayName: string, options: CallOptions = {}): Promise<StorageFolder> {
    const { data } = await this._api.POST("/storage/folders/{id}/folders", {
      params: { path: { id: parentId } },
      body: { displayName },
      signal: options.signal,
    });
    return data!.folder;
  }

  /** Begins a new file. It is listed when its content has arrived. */
  public async createFile(folderId: string, displayName: string, options: CallOptions = {}): Promise<PendingUpload> {
    const { data } = await this._api.POST("/storage/folders/{id}/files", {
      params: { path: { id: folderId } },
      body: { displayName },
      signal: options.signal,
    });
    return toPending(data!);
  }

  /** Begins new content of a file. Until it has arrived, the file is as it was. */
  public async updateContent(fileId: string, { signal }: CallOptions = {}): Promise<PendingUpload> {
    const { data } = await this._api.POST("/storage/files/{id}/updateContent", {
      params: { path: { id: fileId } },
      signal,
      fetch: this._connected.transport.sendRepeatable, // an upload that nothing comes to is forgotten
    });
    return toPending(data!);
  }

  /**
   * Uploads content from a file on disk, from where it goes to the wire piece by piece.
   * @param file - a path, or a file as it was when it was looked at first
   * @throws ClientError `client/file-changed` - where the file changes meanwhile; nothing of it counts then
   */
  public async upload(
    { uploadUrl }: PendingUpload,
    file: string | SourceFileOnDisk,
    options: UploadOptions = {},
  ): Promise<void> {
    const onDisk = typeof file === "string" ? await SourceFileOnDisk.open(file) : file;
    await uploadFile(uploadUrl, onDisk, this._connected.options, options);
  }

  /** Says that the content has arrived. */
  public async complete(fileId: string, { signal }: CallOptions = {}): Promise<StorageFile> {
    const { data } = await this._api.POST("/storage/files/{id}/complete", {
      params: { path: { id: fileId } },
      signal,
      fetch: this._connected.transport.sendRepeatable, // says the same twice
    });
    return data!.file;
  }

  /** Puts a file on disk into a folder, as a new file. */
  public async addFile(folderId: string, path: string, options: UploadOptions = {}): Promise<StorageFile> {
    const pending = await this.createFile(folderId, basename(path), options);
    await this.upload(pending, path, options);
    return this.complete(pending.fileId, options);
  }

  /** Moves a file to the recycle bin. */
  public async deleteFile(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this._api.DELETE("/storage/files/{id}", { params: { path: { id } }, signal });
  }

  /** Moves a folder to the recycle bin, with all that is in it. */
  public async deleteFolder(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this._api.DELETE("/storage/folders/{id}", { params: { path: { id } }, signal });
  }
}

/** The id of the file is only within the URL that says that the content is there. */
function toPending({ _links }: { _links: { uploadUrl: { href: string }; completeUrl: { href: string } } }) {
  const fileId = new URL(_links.completeUrl.href).pathname.split("/").at(-2)!;
  return { fileId, uploadUrl: _links.uploadUrl.href };
}
