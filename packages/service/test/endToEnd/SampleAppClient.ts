import { setTimeout as delay } from "node:timers/promises";
import type { Static } from "typebox";
import type { FileModel, FolderModel } from "../../src/api/storage/itemSchemas.js";
import type { Connection } from "../../src/api/synchronization/connectionSchemas.js";
import type { SourceFile } from "../../src/api/synchronization/sourceFileSchemas.js";
import { upload, type ListLinks, type UploadBody } from "../api/storage/StorageClient.js";
import type { ShownRun, ShownTask } from "./ServedIModel.js";

/** What a request sends beside its path. */
interface Extras {
  body?: object;
  headers?: Record<string, string>;
  /** A header of the answer that the client wants instead of the body, if it is there. */
  responseHeader?: string;
}

/** An answer that is no success. */
export class ApiError extends Error {
  public constructor(
    public readonly status: number,
    public readonly body: unknown,
  ) {
    super(`status ${status}`);
  }
}

/** What the page of the app shows of a file: how its last synchronization went. */
export interface ShownFile {
  file: FileModel;
  task?: ShownTask;
  isOutdated: boolean;
}

const folderName = " AccreditationAppFiles"; // with a space at its beginning
const connectionName = "accreditation-storage-connection";

/** Calls the platform as its public sample app and the client that was generated for it do: rest-api.md, 1.3 and 6.2. */
export class SampleAppClient {
  private readonly _storage: string;
  private readonly _synchronization: string;

  public constructor(
    origin: string,
    private readonly _token: string,
  ) {
    this._storage = `${origin}/storage`;
    this._synchronization = `${origin}/synchronization`;
  }

  /** Whether the user must be led to the page of another issuer first. */
  public async isUserAuthorized(): Promise<boolean> {
    const path = "/imodels/connections/authorizationInformation?redirectUrl=http://localhost:3000";
    const { authorizationInformation } = await this._request<{
      authorizationInformation: { isUserAuthorized: boolean; _links: { authorizationUrl: { href: string } } };
    }>("GET", this._synchronization + path);
    return authorizationInformation.isUserAuthorized;
  }

  /** A file that is dropped on the page. @returns its id */
  public async drop(projectId: string, name: string, content: string | Buffer): Promise<string> {
    const folderId = await this.folder(projectId);
    const known = (await this.files(folderId)).find(({ displayName }) => displayName === name);
    if (known !== undefined) {
      const update = await this._request<UploadBody>("POST", `${this._storage}/files/${known.id}/updateContent`);
      await putBlob(update._links.uploadUrl.href, content);
      return known.id; // an update is not completed
    }
    const { _links } = await this._request<UploadBody>("POST", `${this._storage}/folders/${folderId}/files`, {
      body: { displayName: name },
    });
    await putBlob(_links.uploadUrl.href, content);
    const fileId = _links.completeUrl.href.split("/").reverse()[1]!;
    await this._request("POST", `${this._storage}/files/${fileId}/complete`);
    return fileId;
  }

  /** The folder of the app. */
  public async folder(projectId: string): Promise<string> {
    const { items, _links } = await this._request<{ items: (FileModel | FolderModel)[]; _links: ListLinks }>(
      "GET",
      `${this._storage}/?projectId=${projectId}`,
    );
    const known = items.find(({ displayName }) => displayName === folderName);
    if (known !== undefined) return known.id;
    const rootId = _links.folder.href.split("/").at(-1)!;
    const created = await this._request<{ folder: FolderModel }>("POST", `${this._storage}/folders/${rootId}/folders`, {
      body: { displayName: folderName },
    });
    return created.folder.id;
  }

  public async files(folderId: string, top = 100): Promise<FileModel[]> {
    const path = `/folders/${folderId}/files?%24top=${top}`;
    return (await this._request<{ files: FileModel[] }>("GET", this._storage + path)).files;
  }

  /** Sees to it that there is a connection with the files. @returns its id */
  public async connect(iModelId: string, connectorType: string, fileIds: string[]): Promise<string> {
    const connectionId = await this._connection(iModelId);
    const path = `${this._connections}/${connectionId}/sourcefiles?$top=100`;
    for (const storageFileId of fileIds) {
      const { sourceFiles } = await this._request<{ sourceFiles: Static<typeof SourceFile>[] }>("GET", path);
      if (sourceFiles.some((file) => file.storageFileId === storageFileId)) continue;
      await this._request("POST", path.split("?")[0]!, { body: { storageFileId, connectorType } });
    }
    return connectionId;
  }

  /** @returns nothing for a run that has begun, and the other run where there is one: it was led there */
  public async runStorageConnection(connectionId: string): Promise<{ run: ShownRun } | undefined> {
    return this._request("POST", `${this._connections}/${connectionId}/run`);
  }

  /** @returns the URL of a run that has begun, and the other run where there is one */
  public async createManifestConnectionRun(
    connectionId: string,
    manifest: object,
  ): Promise<string | { run: ShownRun }> {
    const url = `${this._synchronization}/imodels/manifestConnections/${connectionId}/runs`;
    return this._request("POST", url, { body: manifest, responseHeader: "Location" });
  }

  /** What the page shows when the newest run is over. */
  public async show(projectId: string, connectionId: string): Promise<ShownFile[]> {
    for (;;) {
      const newest = (await this.runs(connectionId))[0]!;
      if (newest.state !== "Completed") {
        await delay(100); // it waits for 10 seconds
        continue;
      }
      const tasks = newest.jobs.flatMap((job) => job.tasks);
      const files = await this.files(await this.folder(projectId));
      return files.map((file) => {
        const task = tasks.find(({ storageFileId }) => storageFileId === file.id);
        return { file, task, isOutdated: task !== undefined && task.startDateTime! < file.lastModifiedDateTime };
      });
    }
  }

  /** The runs of a connection, newest first. */
  public async runs(connectionId: string): Promise<ShownRun[]> {
    const headers = { Prefer: "return=representation" };
    const url = `${this._connections}/${connectionId}/runs`;
    const { runs } = await this._request<{ runs: ShownRun[] }>("GET", url, { headers });
    return runs.sort((a, b) => b.startDateTime.localeCompare(a.startDateTime));
  }

  private get _connections(): string {
    return `${this._synchronization}/imodels/storageConnections`;
  }

  private async _connection(iModelId: string): Promise<string> {
    const path = `/imodels/connections?imodelId=${iModelId}`;
    const { connections } = await this._request<{ connections: Static<typeof Connection>[] }>(
      "GET",
      this._synchronization + path,
    );
    const known = connections.find(({ displayName }) => displayName === connectionName);
    if (known !== undefined) return known.id;
    const body = { displayName: connectionName, iModelId, sourceFiles: [] };
    const created = await this._request<{ connection: { id: string } }>("POST", this._connections, { body });
    return created.connection.id;
  }

  private async _request<T>(method: string, url: string, { body, headers, responseHeader }: Extras = {}): Promise<T> {
    const response = await fetch(url, {
      method,
      headers: {
        Authorization: `Bearer ${this._token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    const content = await readBody(response);
    if (!response.ok) throw new ApiError(response.status, content);
    const header = responseHeader === undefined ? null : response.headers.get(responseHeader);
    return (header ?? content) as T;
  }
}

/** JSON is what is called exactly that; everything else is a text. */
async function readBody(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type");
  if (response.status === 204 || type === null) return undefined;
  return type.toLowerCase().startsWith("application/json") ? response.json() : response.text();
}

async function putBlob(url: string, content: string | Buffer): Promise<void> {
  const response = await upload(url, content);
  if (!response.ok) throw new ApiError(response.status, await response.text());
}
