import { setTimeout as delay } from "node:timers/promises";
import type { Static } from "typebox";
import type { FileModel, FolderModel } from "../../src/api/storage/itemSchemas.js";
import type { Connection } from "../../src/api/synchronization/connectionSchemas.js";
import type { SourceFile } from "../../src/api/synchronization/sourceFileSchemas.js";
import { upload, type ListLinks, type UploadBody } from "../api/storage/StorageClient.js";
import type { ShownRun } from "./ServedIModel.js";

type ShownConnection = Static<typeof Connection>;
type ShownSourceFile = Static<typeof SourceFile>;

/** What a call sends beside its path. */
export interface Call {
  body?: object;
  headers?: Record<string, string>;
}

/** A file that is to go into an iModel. */
export interface PopulateFile {
  name: string;
  content: Buffer;
  connectorType: string;
}

const connectionsPath = "/synchronization/imodels/storageconnections";
const connectionName = "Default iTwinCLI Connection";
const wantsAll = { Prefer: "return=representation" };

/** Calls the platform as its public command line, `itp`, does: rest-api.md, sections 1.3 and 6.1. */
export class CommandLineClient {
  /**
   * @param _apiUrl - without a slash at its end
   * @param _authorization - of a client, that is, no person
   */
  public constructor(
    private readonly _apiUrl: string,
    private readonly _authorization: string,
  ) {}

  /** A call. It says that its body is JSON, also where it has none; an answer without a content type has no body. */
  public async call<T>(method: string, path: string, { body, headers }: Call = {}): Promise<T | undefined> {
    const response = await fetch(this._apiUrl + path, {
      method,
      headers: { Authorization: this._authorization, "Content-Type": "application/json", ...headers },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`HTTP error! ${JSON.stringify(await response.json())}`);
    if (response.headers.get("content-type") === null) return undefined;
    return (await response.json()) as T;
  }

  /** A call whose answer must have a body. */
  public async ask<T>(method: string, path: string, call?: Call): Promise<T> {
    const body = await this.call<T>(method, path, call);
    if (body === undefined) throw new Error("Request returned undefined object");
    return body;
  }

  /** `itp imodel populate`. @returns the run, which must be a success */
  public async populate(iModelId: string, files: PopulateFile[]): Promise<ShownRun> {
    const accept = { Accept: "application/vnd.bentley.itwin-platform.v2+json" };
    const { iModel } = await this.ask<{ iModel: { iTwinId: string } }>("GET", `/imodels/${iModelId}`, {
      headers: accept,
    });
    const sourceFiles = await this._upload(iModel.iTwinId, files);
    const connectionId = await this._connect(iModelId, sourceFiles[0]!);
    await Promise.all(sourceFiles.map((file) => this._addSourceFile(connectionId, file)));
    await this.call("POST", `${connectionsPath}/${connectionId}/run`);
    const run = await this._ended(connectionId);
    if (run.result !== "Success") throw new Error(`Synchronization run ended with ${run.result}`);
    return run;
  }

  private async _upload(iTwinId: string, files: PopulateFile[]): Promise<NewSourceFile[]> {
    const { items, _links } = await this.ask<{ items: (FileModel | FolderModel)[]; _links: ListLinks }>(
      "GET",
      `/storage/?iTwinId=${iTwinId}`,
      { headers: { Accept: "application/vnd.bentley.itwin-platform.v1+json" } },
    );
    const rootId = _links.folder.href.split("/").at(-1)!;
    return Promise.all(
      files.map(async ({ name, content, connectorType }) => {
        const known = items.find(({ type, displayName }) => type === "file" && displayName === name);
        return { storageFileId: await this._uploadOne({ rootId, known, name, content }), connectorType };
      }),
    );
  }

  private async _uploadOne({ rootId, known, name, content }: Upload): Promise<string> {
    const { _links } =
      known === undefined
        ? await this.ask<UploadBody>("POST", `/storage/folders/${rootId}/files`, { body: { displayName: name } })
        : await this.ask<UploadBody>("POST", `/storage/files/${known.id}/updatecontent`);
    await putBytes(_links.uploadUrl.href, content);
    const fileId = _links.completeUrl.href.split("/")[5]!;
    await this.ask("POST", `/storage/files/${fileId}/complete`);
    return fileId;
  }

  private async _connect(iModelId: string, sourceFile: NewSourceFile): Promise<string> {
    const path = `${connectionsPath}?imodelId=${iModelId}`;
    const { connections } = await this.ask<{ connections: ShownConnection[] }>("GET", path);
    const known = connections.find(({ displayName }) => displayName === connectionName);
    if (known !== undefined) return known.id;
    const { connection } = await this.ask<{ connection: ShownConnection }>("POST", connectionsPath, {
      body: { authenticationType: "Service", displayName: connectionName, iModelId, sourceFiles: [sourceFile] },
    });
    return connection.id;
  }

  private async _addSourceFile(connectionId: string, { storageFileId, connectorType }: NewSourceFile): Promise<void> {
    const path = `${connectionsPath}/${connectionId}/sourcefiles`;
    const { sourceFiles } = await this.ask<{ sourceFiles: ShownSourceFile[] }>("GET", path, { headers: wantsAll });
    if (sourceFiles.some((file) => file.storageFileId === storageFileId)) return;
    await this.ask("POST", path, { body: { connectorType, storageFileId } });
  }

  /** The end of the last run of a connection, which is known by its place in the link to it. */
  private async _ended(connectionId: string): Promise<ShownRun> {
    const path = `${connectionsPath}/${connectionId}`;
    const { connection } = await this.ask<{ connection: ShownConnection }>("GET", path);
    const link = connection._links?.lastRun?.href;
    if (link === undefined) throw new Error("No last run link available");
    for (;;) {
      const { run } = await this.ask<{ run: ShownRun }>("GET", `${path}/runs/${link.split("/")[8]}`);
      if (run.state === "Completed") return run;
      await delay(100); // it waits for 10 seconds
    }
  }
}

/** `itp storage file upload`: the URL is all that is needed. */
export async function putBytes(url: string, content: Buffer | string): Promise<void> {
  const response = await upload(url, content);
  if (!response.ok) throw new Error(`HTTP error! ${response.status}`);
}

interface NewSourceFile {
  storageFileId: string;
  connectorType: string;
}

interface Upload extends Pick<PopulateFile, "name" | "content"> {
  rootId: string;
  known?: { id: string };
}
