import type { IModel, Run } from "./api/types.js";
import { ManifestConnectionsClient, StorageConnectionsClient } from "./ConnectionsClient.js";
import { allPages, connect, type Api, type CallOptions } from "./http/api.js";
import type { RetryOptions } from "./http/retry.js";
import { parseRunUrl } from "./RunLink.js";
import { StorageClient } from "./StorageClient.js";
import { fixedToken, type TokenSource } from "./tokens.js";

/** Where a service is, and how to talk to it. */
export interface ServiceClientOptions extends RetryOptions {
  /** The URL of the service, such as `https://api.bentley.com` or `http://127.0.0.1:3001`. A path in it is left out. */
  url: string;
  /** An access token, or where to get one: see `clientCredentials`. */
  token: string | TokenSource;
  /** How long to wait for the answer to a request, and for a sign that an upload goes on, in seconds. Default: 60. */
  timeoutSeconds?: number;
}

/**
 * A client of the iTwin Platform's Storage and Synchronization, or of a service that speaks like them.
 *
 * What fails is repeated with growing pauses, if that can do no harm: requests that read or that can be handled twice, and
 * those that were certainly not handled. A service that has too many requests is given the time that it asks for.
 */
export class ServiceClient {
  /** The origin of the service. */
  public readonly url: string;
  /** How patient the client is. */
  public readonly retry: RetryOptions;
  /** Every operation, typed, where the methods do not reach: `client.api.GET("/imodels", …)`. */
  public readonly api: Api;
  public readonly storage: StorageClient;
  public readonly storageConnections: StorageConnectionsClient;
  public readonly manifestConnections: ManifestConnectionsClient;

  public constructor({ url, token, ...options }: ServiceClientOptions) {
    const source = typeof token === "string" ? fixedToken(token) : token;
    const connected = connect(url, { ...options, token: source });
    this.url = new URL(url).origin;
    this.retry = options;
    this.api = connected.api;
    this.storage = new StorageClient(connected);
    this.storageConnections = new StorageConnectionsClient(connected);
    this.manifestConnections = new ManifestConnectionsClient(connected);
  }

  /** @throws ApiError; NoAnswerError */
  public async getIModel(iModelId: string, { signal }: CallOptions = {}): Promise<IModel> {
    return (await this.api.GET("/imodels/{iModelId}", { params: { path: { iModelId } }, signal })).data!.iModel;
  }

  /** The iModels of an iTwin, or those of a name. @throws ApiError; NoAnswerError */
  public iModels(
    iTwinId: string,
    { name, signal }: CallOptions & { name?: string } = {},
  ): AsyncGenerator<Pick<IModel, "id" | "displayName">> {
    return allPages(async (paging) => {
      const params = { query: { iTwinId, name, ...paging } };
      return (await this.api.GET("/imodels", { params, signal })).data!.iModels;
    });
  }

  /** Makes an iModel with nothing in it. @throws ApiError; NoAnswerError */
  public async createIModel(iTwinId: string, name: string, { signal }: CallOptions = {}): Promise<IModel> {
    return (await this.api.POST("/imodels", { body: { iTwinId, name }, signal })).data!.iModel;
  }

  /**
   * A run of either kind of connection, by its URL.
   * @throws ClientError `usage/run-url`; ApiError; NoAnswerError
   */
  public async getRun(url: string, options: CallOptions = {}): Promise<Run> {
    const { segment, connectionId, runId } = parseRunUrl(url);
    const connections = segment === "storageconnections" ? this.storageConnections : this.manifestConnections;
    return connections.getRun(connectionId, runId, options);
  }
}
