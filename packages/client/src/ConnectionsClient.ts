import type { paths } from "./api/openApi.js";
import type { Connection, Run, SourceFile } from "./api/types.js";
import { ApiError } from "./http/errors.js";
import { allPages, type Api, type CallOptions, type Connected } from "./http/api.js";
import { parseRunUrl, type ConnectionSegment, type RunLink } from "./RunLink.js";

const root = "/synchronization/imodels/storageconnections";

type Content<Operation> = Operation extends { requestBody: { content: { "application/json": infer Body } } }
  ? Body
  : never;

/** What a storage connection is created with. */
export type NewStorageConnection = Content<paths[typeof root]["post"]>;

/** A file of the Storage, and the connector that is to bring it in. */
export type StorageSourceFile = NewStorageConnection["sourceFiles"][number];

/** What a manifest connection is created with. */
export type NewManifestConnection = Content<paths["/synchronization/imodels/manifestconnections"]["post"]>;

/** What is to be brought in and removed, as run-manifest-connection.md describes it. */
export type ManifestBody = Content<paths["/synchronization/imodels/manifestconnections/{connectionId}/runs"]["post"]>;

/** What can be changed of a connection. */
export interface ConnectionChanges {
  displayName?: string;
  authenticationType?: "User" | "Service";
}

/** What each task of a run did, in full. */
export type RunReport =
  paths["/synchronization/imodels/storageconnections/{connectionId}/runs/{runId}/report"]["get"]["responses"][200]["content"]["application/json"];

/** A run that was asked for. */
export interface StartedRun extends RunLink {
  /** False where the iModel has an active run, which may be another connection's: that one it is then (303). */
  isNew: boolean;
}

/** Lists come with all fields only where that is asked for. */
const whole = { prefer: "return=representation" };

/** What connections of both kinds have in common. Every method throws `ApiError`, `NoAnswerError`, or what its token source throws. */
export abstract class ConnectionsClient {
  protected readonly api: Api;

  public constructor(
    protected readonly connected: Connected,
    private readonly _segment: ConnectionSegment,
  ) {
    this.api = connected.api;
  }

  /** The connections of an iModel, oldest first. */
  public list(iModelId: string, { signal }: CallOptions = {}): AsyncGenerator<Connection> {
    return allPages(async (paging) => {
      const params = { query: { imodelId: iModelId, ...paging } };
      const { data } = await this.api.GET(this.path(""), { params, headers: whole, signal });
      return data!.connections;
    });
  }

  public async get(connectionId: string, { signal }: CallOptions = {}): Promise<Connection> {
    const params = { path: { connectionId } };
    return (await this.api.GET(this.path("/{connectionId}"), { params, signal })).data!.connection;
  }

  public async update(
    connectionId: string,
    body: ConnectionChanges,
    { signal }: CallOptions = {},
  ): Promise<Connection> {
    const params = { path: { connectionId } };
    return (await this.api.PUT(this.path("/{connectionId}"), { params, body, signal })).data!.connection;
  }

  /** Removes a connection, which frees its files. What they brought into the iModel stays. */
  public async delete(connectionId: string, { signal }: CallOptions = {}): Promise<void> {
    await this.api.DELETE(this.path("/{connectionId}"), { params: { path: { connectionId } }, signal });
  }

  /** The files of a connection, or the documents that its manifests may name. */
  public sourceFiles(connectionId: string, { signal }: CallOptions = {}): AsyncGenerator<SourceFile> {
    return allPages(async (query) => {
      const params = { path: { connectionId }, query };
      const { data } = await this.api.GET(this.path("/{connectionId}/sourcefiles"), { params, headers: whole, signal });
      return data!.sourceFiles;
    });
  }

  public async removeSourceFile(connectionId: string, sourceFileId: string, options: CallOptions = {}): Promise<void> {
    const params = { path: { connectionId, sourceFileId } };
    await this.api.DELETE(this.path("/{connectionId}/sourcefiles/{sourceFileId}"), { params, signal: options.signal });
  }

  /** The runs of a connection, newest first. */
  public runs(connectionId: string, { signal }: CallOptions = {}): AsyncGenerator<Run> {
    return allPages(async (query) => {
      const params = { path: { connectionId }, query };
      const { data } = await this.api.GET(this.path("/{connectionId}/runs"), { params, headers: whole, signal });
      return data!.runs;
    });
  }

  public async getRun(connectionId: string, runId: string, { signal }: CallOptions = {}): Promise<Run> {
    const params = { path: { connectionId, runId } };
    return (await this.api.GET(this.path("/{connectionId}/runs/{runId}"), { params, signal })).data!.run;
  }

  /** Asks for the end of a run. Services of this framework know that; the platform does not. */
  public async cancelRun(connectionId: string, runId: string, { signal }: CallOptions = {}): Promise<void> {
    const params = { path: { connectionId, runId } };
    await this.api.POST(this.path("/{connectionId}/runs/{runId}/cancel"), { params, signal });
  }

  /** What each task did, in full. Services of this framework know that; the platform does not. */
  public async runReport(connectionId: string, runId: string, { signal }: CallOptions = {}): Promise<RunReport> {
    const params = { path: { connectionId, runId } };
    return (await this.api.GET(this.path("/{connectionId}/runs/{runId}/report"), { params, signal })).data!;
  }

  /** Both kinds answer alike, so that the types of one serve for both. */
  protected path<Rest extends string>(rest: Rest): `${typeof root}${Rest}` {
    return `/synchronization/imodels/${this._segment}${rest}` as `${typeof root}${Rest}`;
  }
}

/** Connections of files of the Storage with iModels. Every method throws `ApiError`, `NoAnswerError`, or what its token source throws. */
export class StorageConnectionsClient extends ConnectionsClient {
  public constructor(connected: Connected) {
    super(connected, "storageconnections");
  }

  /** Connects files with an iModel; 409 where one of them is connected with it already. */
  public async create(body: NewStorageConnection, { signal }: CallOptions = {}): Promise<Connection> {
    return (await this.api.POST(root, { body, signal })).data!.connection;
  }

  public async addSourceFile(
    connectionId: string,
    body: StorageSourceFile,
    { signal }: CallOptions = {},
  ): Promise<SourceFile> {
    const params = { path: { connectionId } };
    return (await this.api.POST(`${root}/{connectionId}/sourcefiles`, { params, body, signal })).data!.sourceFile;
  }

  public async updateSourceFile(
    connectionId: string,
    sourceFileId: string,
    body: StorageSourceFile,
    { signal }: CallOptions = {},
  ): Promise<SourceFile> {
    const params = { path: { connectionId, sourceFileId } };
    const { data } = await this.api.PUT(`${root}/{connectionId}/sourcefiles/{sourceFileId}`, { params, body, signal });
    return data!.sourceFile;
  }

  /** Asks for a run; 409 where somebody else does at the same moment. */
  public async run(connectionId: string, { signal }: CallOptions = {}): Promise<StartedRun> {
    const params = { path: { connectionId } };
    return startedRun((await this.api.POST(`${root}/{connectionId}/run`, { params, signal })).response);
  }
}

const manifestRoot = "/synchronization/imodels/manifestconnections";

/** Connections of documents, wherever they are, with iModels. Every method throws `ApiError`, `NoAnswerError`, or what its token source throws. */
export class ManifestConnectionsClient extends ConnectionsClient {
  public constructor(connected: Connected) {
    super(connected, "manifestconnections");
  }

  /** Connects documents with an iModel; 409 where one of them is connected with it already. */
  public async create(body: NewManifestConnection, { signal }: CallOptions = {}): Promise<Connection> {
    return (await this.api.POST(manifestRoot, { body, signal })).data!.connection;
  }

  /** Asks for a run of what a manifest says; 409 where somebody else does at the same moment. */
  public async run(connectionId: string, body: ManifestBody, { signal }: CallOptions = {}): Promise<StartedRun> {
    const params = { path: { connectionId } };
    const { response } = await this.api.POST(`${manifestRoot}/{connectionId}/runs`, { params, body, signal });
    return startedRun(response);
  }
}

function startedRun({ status, headers, url }: Response): StartedRun {
  if (!headers.has("location"))
    throw new ApiError({ request: `POST ${url}`, status, code: "NoLocation", message: "The answer names no run." });
  return { ...parseRunUrl(headers.get("location") ?? ""), isNew: status !== 303 };
}
