import type { paths } from "itwin-connector-client/openapi";
import { allPages, bodyOf, type Api, type CallOptions } from "../http/api.js";
import type { ConnectionSegment } from "../RunLink.js";
import type { Connection, Run, SourceFile } from "../types.js";

/** The properties of a connection that can be changed. */
export interface ConnectionChanges {
  /** The name that users see. */
  displayName?: string;
  /** Whether runs act as the user who created the connection or as the service itself. */
  authenticationType?: "User" | "Service";
  /** How runs are executed. Only a service of this framework knows them. */
  runOptions?: ConnectionOptions;
}

/** Options of the runs of a connection. */
export interface ConnectionOptions {
  /** Whether a file fails if its connector leaves something out. Default: false. */
  strict?: boolean;
  /** How many entities of a file a run may delete: `5%`, a number, or `none`. Default: half of a hundred or more. */
  maxDeletions?: string;
  /** What may change about the classes of a file, such as tables and columns. Default: `evolve`. */
  schemaContract?: "evolve" | "freeze" | "report";
}

/** What each task of a run did, in full. */
export type RunReport =
  paths["/synchronization/imodels/storageconnections/{connectionId}/runs/{runId}/report"]["get"]["responses"][200]["content"]["application/json"];

/** Without this header a list has only `id` and `displayName` of each entry. */
const allFields = { prefer: "return=representation" };

/**
 * The operations that storage connections and manifest connections share. Every method throws `ApiError`, `NoAnswerError`, or
 * an error of the token source.
 */
export abstract class ConnectionsClient {
  /** @internal */
  protected constructor(
    /** @internal */
    protected readonly api: Api,
    private readonly _segment: ConnectionSegment,
  ) {}

  /** Lists the connections of an iModel, oldest first. Reads the pages of the list as you iterate. */
  public list(iModelId: string, { signal }: CallOptions = {}): AsyncGenerator<Connection> {
    return allPages(async (paging) => {
      const params = { query: { imodelId: iModelId, ...paging } };
      return (await bodyOf(this.api.GET(this.path(""), { params, headers: allFields, signal }))).connections;
    });
  }

  /** Gets a connection. */
  public async get(connectionId: string, { signal }: CallOptions = {}): Promise<Connection> {
    const params = { path: { connectionId } };
    return (await bodyOf(this.api.GET(this.path("/{connectionId}"), { params, signal }))).connection;
  }

  /** Changes a connection. @returns the connection after the change */
  public async update(
    connectionId: string,
    body: ConnectionChanges,
    { signal }: CallOptions = {},
  ): Promise<Connection> {
    const params = { path: { connectionId } };
    return (await bodyOf(this.api.PUT(this.path("/{connectionId}"), { params, body, signal }))).connection;
  }

  /** Deletes a connection. Its files can then be connected again. The iModel keeps what they brought into it. */
  public async delete(connectionId: string, { signal }: CallOptions = {}): Promise<void> {
    await this.api.DELETE(this.path("/{connectionId}"), { params: { path: { connectionId } }, signal });
  }

  /** Lists the files of a storage connection, or the documents that manifests of a manifest connection may name. */
  public sourceFiles(connectionId: string, { signal }: CallOptions = {}): AsyncGenerator<SourceFile> {
    return allPages(async (query) => {
      const options = { params: { path: { connectionId }, query }, headers: allFields, signal };
      return (await bodyOf(this.api.GET(this.path("/{connectionId}/sourcefiles"), options))).sourceFiles;
    });
  }

  /** Removes a file or document from a connection. The iModel keeps what it brought into it. */
  public async removeSourceFile(connectionId: string, sourceFileId: string, options: CallOptions = {}): Promise<void> {
    const params = { path: { connectionId, sourceFileId } };
    await this.api.DELETE(this.path("/{connectionId}/sourcefiles/{sourceFileId}"), { params, signal: options.signal });
  }

  /** Lists the runs of a connection, newest first. */
  public runs(connectionId: string, { signal }: CallOptions = {}): AsyncGenerator<Run> {
    return allPages(async (query) => {
      const options = { params: { path: { connectionId }, query }, headers: allFields, signal };
      return (await bodyOf(this.api.GET(this.path("/{connectionId}/runs"), options))).runs;
    });
  }

  /** Gets a run as it is now. `followRun` waits for its end. */
  public async getRun(connectionId: string, runId: string, { signal }: CallOptions = {}): Promise<Run> {
    const params = { path: { connectionId, runId } };
    return (await bodyOf(this.api.GET(this.path("/{connectionId}/runs/{runId}"), { params, signal }))).run;
  }

  /** Asks a run to end. Only services of this framework have this operation; the iTwin Platform does not. */
  public async cancelRun(connectionId: string, runId: string, { signal }: CallOptions = {}): Promise<void> {
    const params = { path: { connectionId, runId } };
    await this.api.POST(this.path("/{connectionId}/runs/{runId}/cancel"), { params, signal });
  }

  /** Gets what each task of a run did. Only services of this framework have this operation; the iTwin Platform does not. */
  public async runReport(connectionId: string, runId: string, { signal }: CallOptions = {}): Promise<RunReport> {
    const params = { path: { connectionId, runId } };
    return bodyOf(this.api.GET(this.path("/{connectionId}/runs/{runId}/report"), { params, signal }));
  }

  /**
   * A path of this kind of connection. Both kinds answer alike, so that the types of one serve for both.
   * @internal
   */
  protected path<Rest extends string>(rest: Rest): `/synchronization/imodels/storageconnections${Rest}` {
    const path = `/synchronization/imodels/${this._segment}${rest}`;
    return path as `/synchronization/imodels/storageconnections${Rest}`;
  }
}
