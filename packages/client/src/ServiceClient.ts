import { ManifestConnectionsClient } from "./connections/ManifestConnectionsClient.js";
import { StorageConnectionsClient } from "./connections/StorageConnectionsClient.js";
import { allPages, bodyOf, connect, type Api, type CallOptions } from "./http/api.js";
import type { RetryOptions } from "./http/retry.js";
import { parseRunUrl } from "./RunLink.js";
import { StorageClient } from "./StorageClient.js";
import { fixedToken, type TokenSource } from "./tokens.js";
import type { IModel, Run } from "./types.js";

/** The address of a service, and how to talk to it. */
export interface ServiceClientOptions extends RetryOptions {
  /** The URL of the service, such as `https://api.bentley.com` or `http://127.0.0.1:3001`. Its path is ignored. */
  url: string;
  /** An access token, or a source of them such as `clientCredentials`. */
  token: string | TokenSource;
  /** How long to wait for the answer to a request, and between two signs of progress of an upload. In seconds. Default: 60. */
  timeoutSeconds?: number;
}

/**
 * A client of the iTwin Platform's Storage and Synchronization APIs, or of a service with the same interface.
 *
 * A request that fails is repeated with growing pauses if that is safe: the request only reads, has the same effect twice,
 * or was certainly not handled. A service that answers with `Retry-After` gets the time that it asks for.
 * @throws ClientError `usage/url` - from the constructor, if `url` is not an http or https URL
 */
export class ServiceClient {
  /** The origin of the service. */
  public readonly url: string;
  /** How failed requests are repeated. */
  public readonly retry: RetryOptions;
  /** Every operation of the service's OpenAPI document, typed: `client.api.GET("/imodels", …)`. */
  public readonly api: Api;
  /** Files and folders. */
  public readonly storage: StorageClient;
  /** Connections between files of the Storage and iModels. */
  public readonly storageConnections: StorageConnectionsClient;
  /** Connections between documents outside the Storage and iModels. */
  public readonly manifestConnections: ManifestConnectionsClient;

  public constructor({ url, token, ...options }: ServiceClientOptions) {
    const source = typeof token === "string" ? fixedToken(token) : token;
    const connected = connect(url, { ...options, token: source });
    this.url = new URL(url).origin;
    this.retry = options;
    this.api = connected.api;
    this.storage = new StorageClient(connected);
    this.storageConnections = new StorageConnectionsClient(connected.api);
    this.manifestConnections = new ManifestConnectionsClient(connected.api);
  }

  /** Gets an iModel. @throws ApiError; NoAnswerError */
  public async getIModel(iModelId: string, { signal }: CallOptions = {}): Promise<IModel> {
    return (await bodyOf(this.api.GET("/imodels/{iModelId}", { params: { path: { iModelId } }, signal }))).iModel;
  }

  /** Lists the iModels of an iTwin, or only those with the given name. @throws ApiError; NoAnswerError */
  public iModels(
    iTwinId: string,
    { name, signal }: CallOptions & { name?: string } = {},
  ): AsyncGenerator<Pick<IModel, "id" | "displayName">> {
    return allPages(async (paging) => {
      const params = { query: { iTwinId, name, ...paging } };
      return (await bodyOf(this.api.GET("/imodels", { params, signal }))).iModels;
    });
  }

  /** Creates an empty iModel. @throws ApiError; NoAnswerError */
  public async createIModel(iTwinId: string, name: string, { signal }: CallOptions = {}): Promise<IModel> {
    return (await bodyOf(this.api.POST("/imodels", { body: { iTwinId, name }, signal }))).iModel;
  }

  /**
   * Gets a run of either kind of connection by its URL.
   * @throws ClientError `usage/run-url`; ApiError; NoAnswerError
   */
  public async getRun(url: string, options: CallOptions = {}): Promise<Run> {
    const { segment, connectionId, runId } = parseRunUrl(url);
    const connections = segment === "storageconnections" ? this.storageConnections : this.manifestConnections;
    return connections.getRun(connectionId, runId, options);
  }
}
