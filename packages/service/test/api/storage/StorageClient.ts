import type { Answer } from "../../sendRequest.js";
import type { TestService } from "../../TestService.js";
import type { FileModel, FolderModel } from "../../../src/api/storage/itemSchemas.js";

/** The answer to who begins an upload. */
export interface UploadBody {
  _links: { uploadUrl: { href: string }; completeUrl: { href: string } };
}

/** The links of a list. */
export type ListLinks = Record<"self" | "prev" | "next" | "folder", { href: string }>;

/** The body of a list of files and folders. */
export interface ItemsBody {
  items: (FileModel | FolderModel)[];
  _links: ListLinks;
}

/** The body of an answer that is no success. */
export interface ErrorBody {
  error: { code: string; message: string; details?: { code: string; message: string; target?: string }[] };
}

/** Goes through the Storage API as clients do. */
export class StorageClient {
  public constructor(private readonly _test: Pick<TestService, "request" | "iTwinId">) {}

  public async rootId(): Promise<string> {
    const { body } = await this._test.request<ItemsBody>("GET", `/storage?iTwinId=${this._test.iTwinId}`);
    return body._links.folder.href.split("/").at(-1)!;
  }

  public async createFolder(parentId: string, displayName: string): Promise<FolderModel> {
    const path = `/storage/folders/${parentId}/folders`;
    const { body } = await this._test.request<{ folder: FolderModel }>("POST", path, { displayName });
    return body.folder;
  }

  public async beginFile(parentId: string, displayName: string): Promise<{ id: string; uploadUrl: string }> {
    const path = `/storage/folders/${parentId}/files`;
    return linksOf(await this._test.request<UploadBody>("POST", path, { displayName }));
  }

  public async beginUpdate(fileId: string): Promise<{ id: string; uploadUrl: string }> {
    return linksOf(await this._test.request<UploadBody>("POST", `/storage/files/${fileId}/updatecontent`));
  }

  public async complete(fileId: string): Promise<Answer<{ file: FileModel }>> {
    return this._test.request("POST", `/storage/files/${fileId}/complete`);
  }

  /** Makes a file with content, in the three steps. */
  public async createFile(
    parentId: string,
    displayName: string,
    content: string | Buffer = "content",
  ): Promise<FileModel> {
    const { id, uploadUrl } = await this.beginFile(parentId, displayName);
    await upload(uploadUrl, content);
    return (await this.complete(id)).body.file;
  }

  /** The names of what is in a folder. */
  public async names(folderId: string): Promise<string[]> {
    const { body } = await this._test.request<ItemsBody>("GET", `/storage/folders/${folderId}/list`);
    return body.items.map(({ displayName }) => displayName);
  }

  /** The content of a file, as who follows the redirect gets it. */
  public async download(fileId: string): Promise<Response> {
    const { headers } = await this._test.request("GET", `/storage/files/${fileId}/download`);
    return fetch(headers.get("location")!);
  }
}

/** Sends content to where it was asked for, as the clients of the platform do. */
export async function upload(url: string, body: string | Buffer): Promise<Response> {
  const headers = { "x-ms-blob-type": "BlockBlob" };
  return fetch(url, { method: "PUT", body, headers });
}

function linksOf({ body }: Answer<UploadBody>): { id: string; uploadUrl: string } {
  return { id: body._links.completeUrl.href.split("/")[5]!, uploadUrl: body._links.uploadUrl.href };
}
