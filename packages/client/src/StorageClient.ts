import { allPages, bodyOf, type Api, type CallOptions, type Connected } from "./http/api.js";
import type { StorageFile, StorageFolder } from "./types.js";
import { uploadFile, type UploadOptions } from "./upload/uploadFile.js";
import { sourceOf, type UploadSource } from "./upload/UploadSource.js";

/** A file whose content can be uploaded. */
export interface PendingUpload {
  /** The id of the file. */
  fileId: string;
  /** The URL that takes the content by PUT, without a token, for a limited time. */
  uploadUrl: string;
}

/**
 * The files and folders of iTwins. Every method throws `ApiError`, `NoAnswerError`, or an error of the token source.
 */
export class StorageClient {
  private readonly _api: Api;

  /** @internal */
  public constructor(private readonly _connected: Connected) {
    this._api = _connected.api;
  }

  /** Gets the id of the root folder of an iTwin. */
  public async rootFolderId(iTwinId: string, { signal }: CallOptions = {}): Promise<string> {
    const { _links } = await bodyOf(this._api.GET("/storage", { params: { query: { iTwinId } }, signal }));
    return segmentOf(_links.folder.href, -1);
  }

  /** Lists the files in a folder, oldest first. Reads the pages of the list as you iterate. */
  public files(folderId: string, { signal }: CallOptions = {}): AsyncGenerator<StorageFile> {
    return allPages(async (query) => {
      const options = { params: { path: { id: folderId }, query }, signal };
      return (await bodyOf(this._api.GET("/storage/folders/{id}/files", options))).files;
    });
  }

  /** Lists the folders in a folder, oldest first. Reads the pages of the list as you iterate. */
  public folders(folderId: string, { signal }: CallOptions = {}): AsyncGenerator<StorageFolder> {
    return allPages(async (query) => {
      const options = { params: { path: { id: folderId }, query }, signal };
      return (await bodyOf(this._api.GET("/storage/folders/{id}/folders", options))).folders;
    });
  }

  /** Gets the properties of a file. */
  public async getFile(id: string, { signal }: CallOptions = {}): Promise<StorageFile> {
    return (await bodyOf(this._api.GET("/storage/files/{id}", { params: { path: { id } }, signal }))).file;
  }

  /** Gets the properties of a folder. */
  public async getFolder(id: string, { signal }: CallOptions = {}): Promise<StorageFolder> {
    return (await bodyOf(this._api.GET("/storage/folders/{id}", { params: { path: { id } }, signal }))).folder;
  }

  /** Creates a folder in another. */
  public async createFolder(parentId: string, displayName: string, options: CallOptions = {}): Promise<StorageFolder> {
    const request = { params: { path: { id: parentId } }, body: { displayName }, signal: options.signal };
    return (await bodyOf(this._api.POST("/storage/folders/{id}/folders", request))).folder;
  }

  /** Begins a new file. It is listed after `complete`. */
  public async createFile(folderId: string, displayName: string, options: CallOptions = {}): Promise<PendingUpload> {
    const request = { params: { path: { id: folderId } }, body: { displayName }, signal: options.signal };
    return toPending(await bodyOf(this._api.POST("/storage/folders/{id}/files", request)));
  }

  /** Begins new content of a file. The file keeps its old content until `complete`. */
  public async updateContent(fileId: string, { signal }: CallOptions = {}): Promise<PendingUpload> {
    const request = {
      params: { path: { id: fileId } },
      signal,
      fetch: this._connected.transport.sendRepeatable, // an upload that receives no content is forgotten
    };
    return toPending(await bodyOf(this._api.POST("/storage/files/{id}/updateContent", request)));
  }

  /**
   * Uploads the content of a file.
   * @param file - a `File` of a browser, or what `openFile` of `itwin-connector-client/node` returns
   * @throws ClientError `client/file-changed` - if the file changes during the upload; nothing is stored then
   */
  public async upload(
    { uploadUrl }: PendingUpload,
    file: File | UploadSource,
    options: UploadOptions = {},
  ): Promise<void> {
    await uploadFile(uploadUrl, sourceOf(file), this._connected.options, options);
  }

  /** Tells the Storage that the content of a file has been uploaded. */
  public async complete(fileId: string, { signal }: CallOptions = {}): Promise<StorageFile> {
    const request = {
      params: { path: { id: fileId } },
      signal,
      fetch: this._connected.transport.sendRepeatable, // the second time it has the same result
    };
    return (await bodyOf(this._api.POST("/storage/files/{id}/complete", request))).file;
  }

  /**
   * Adds a new file to a folder: creates it, uploads its content and completes it.
   * @param file - a `File` of a browser, or what `openFile` of `itwin-connector-client/node` returns
   * @throws ClientError `client/file-changed` - if the file changes during the upload; nothing is stored then
   */
  public async addFile(folderId: string, file: File | UploadSource, options: UploadOptions = {}): Promise<StorageFile> {
    const pending = await this.createFile(folderId, file.name, options);
    await this.upload(pending, file, options);
    return this.complete(pending.fileId, options);
  }

  /** Moves a file to the recycle bin. */
  public async deleteFile(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this._api.DELETE("/storage/files/{id}", { params: { path: { id } }, signal });
  }

  /** Moves a folder with everything in it to the recycle bin. */
  public async deleteFolder(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this._api.DELETE("/storage/folders/{id}", { params: { path: { id } }, signal });
  }
}

/** The answer names the file only in the URL that completes the upload: `…/FILE/complete`. */
function toPending({ _links }: { _links: { uploadUrl: { href: string }; completeUrl: { href: string } } }) {
  return { fileId: segmentOf(_links.completeUrl.href, -2), uploadUrl: _links.uploadUrl.href };
}

/** A segment of the path of a URL, counted from its end: -1 is the last. */
function segmentOf(url: string, index: number): string {
  return new URL(url).pathname.split("/").at(index) ?? "";
}
