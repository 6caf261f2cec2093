import type { paths } from "itwin-connector-client/openapi";
import { bodyOf, type Api, type CallOptions } from "../http/api.js";
import type { Connection } from "../types.js";
import { ConnectionsClient } from "./ConnectionsClient.js";
import { startedRun, type StartedRun } from "./startedRun.js";

const root = "/synchronization/imodels/manifestconnections";

/** The properties of a new manifest connection. */
export type NewManifestConnection =
  paths["/synchronization/imodels/manifestconnections"]["post"]["requestBody"]["content"]["application/json"];

/**
 * A manifest: the documents that a run adds, updates or removes. The service also takes null in the place of a document, which
 * this client never sends.
 */
export type ManifestBody = Omit<
  paths["/synchronization/imodels/manifestconnections/{connectionId}/runs"]["post"]["requestBody"]["content"]["application/json"],
  "sourceFiles"
> & {
  sourceFiles?: NonNullable<
    NonNullable<
      paths["/synchronization/imodels/manifestconnections/{connectionId}/runs"]["post"]["requestBody"]["content"]["application/json"]["sourceFiles"]
    >[number]
  >[];
};

/**
 * Connections between documents, wherever they are, and iModels. Every method throws `ApiError`, `NoAnswerError`, or an error
 * of the token source.
 */
export class ManifestConnectionsClient extends ConnectionsClient {
  /** @internal */
  public constructor(api: Api) {
    super(api, "manifestconnections");
  }

  /** Connects documents with an iModel. `ApiError` with status 409: one of them is already connected with it. */
  public async create(body: NewManifestConnection, { signal }: CallOptions = {}): Promise<Connection> {
    return (await bodyOf(this.api.POST(root, { body, signal }))).connection;
  }

  /** Requests a run of a manifest. `ApiError` with status 409: another client requests one at the same moment. */
  public async run(connectionId: string, body: ManifestBody, { signal }: CallOptions = {}): Promise<StartedRun> {
    const options = { params: { path: { connectionId } }, body, signal, redirect: "follow" as const };
    return startedRun((await this.api.POST(`${root}/{connectionId}/runs`, options)).response);
  }
}
