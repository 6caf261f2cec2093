import type { paths } from "itwin-connector-client/openapi";
import { bodyOf, type Api, type CallOptions } from "../http/api.js";
import type { Connection, SourceFile } from "../types.js";
import { ConnectionsClient } from "./ConnectionsClient.js";
import { startedRun, type StartedRun } from "./startedRun.js";

const root = "/synchronization/imodels/storageconnections";

/** The properties of a new storage connection. */
export type NewStorageConnection =
  paths["/synchronization/imodels/storageconnections"]["post"]["requestBody"]["content"]["application/json"];

/** A file of the Storage, and the connector that reads it. */
export type StorageSourceFile = NewStorageConnection["sourceFiles"][number];

/**
 * Connections between files of the Storage and iModels. Every method throws `ApiError`, `NoAnswerError`, or an error of the
 * token source.
 */
export class StorageConnectionsClient extends ConnectionsClient {
  /** @internal */
  public constructor(api: Api) {
    super(api, "storageconnections");
  }

  /** Connects files with an iModel. `ApiError` with status 409: one of them is already connected with it. */
  public async create(body: NewStorageConnection, { signal }: CallOptions = {}): Promise<Connection> {
    return (await bodyOf(this.api.POST(root, { body, signal }))).connection;
  }

  /** Adds a file to a connection. `ApiError` with status 409: it is already connected with the iModel. */
  public async addSourceFile(
    connectionId: string,
    body: StorageSourceFile,
    { signal }: CallOptions = {},
  ): Promise<SourceFile> {
    const params = { path: { connectionId } };
    return (await bodyOf(this.api.POST(`${root}/{connectionId}/sourcefiles`, { params, body, signal }))).sourceFile;
  }

  /** Changes the file or the connector of an entry. `sourceFileId` is the id of the entry, not of the file. */
  public async updateSourceFile(
    connectionId: string,
    sourceFileId: string,
    body: StorageSourceFile,
    { signal }: CallOptions = {},
  ): Promise<SourceFile> {
    const options = { params: { path: { connectionId, sourceFileId } }, body, signal };
    return (await bodyOf(this.api.PUT(`${root}/{connectionId}/sourcefiles/{sourceFileId}`, options))).sourceFile;
  }

  /** Requests a run. `ApiError` with status 409: another client requests one at the same moment. */
  public async run(connectionId: string, { signal }: CallOptions = {}): Promise<StartedRun> {
    const options = { params: { path: { connectionId } }, signal, redirect: "follow" as const };
    return startedRun((await this.api.POST(`${root}/{connectionId}/run`, options)).response);
  }
}
