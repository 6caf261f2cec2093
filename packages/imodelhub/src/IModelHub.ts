import { IModelDb, LockConflict, type BriefcaseDbArg } from "@itwin/core-backend";
import { IModelHubStatus, type AccessToken, type GuidString } from "@itwin/core-bentley";
import { IModelError, type ChangesetIdWithIndex } from "@itwin/core-common";
import { BackendIModelsAccess } from "@itwin/imodels-access-backend";
import { IModelsClient } from "@itwin/imodels-client-management";
import { ConnectorError } from "itwin-connector-framework";
import {
  callHub,
  ForwardingHub,
  messageOf,
  type HubOperation,
  type IModelOnHubArgs,
} from "itwin-connector-framework/internal";
import { RetryPolicy } from "./RetryPolicy.js";

/** An iModel on iModelHub. */
export interface HubIModel {
  id: GuidString;
  iTwinId: GuidString;
  name: string;
}

const servers: Record<string, string> = {
  PROD: "https://api.bentley.com",
  QA: "https://qa-api.bentley.com",
  DEV: "https://dev-api.bentley.com",
};

/**
 * iModelHub, through `@itwin/imodels-access-backend`. Requests that fail for a while are repeated; a token that is refused,
 * because it ran out during the run, is asked for again, once; errors are those that core-backend knows.
 */
export class IModelHub extends ForwardingHub {
  private readonly _server: string;
  private readonly _client: IModelsClient;
  private readonly _access: BackendIModelsAccess;
  private _token?: Promise<AccessToken>;

  public constructor(private readonly _options: Pick<IModelOnHubArgs, "environment" | "getToken">) {
    super();
    this._server = serverOf(_options.environment ?? "PROD");
    const options = { api: { baseUrl: `${this._server}/imodels` }, retryPolicy: new RetryPolicy() };
    this._access = new BackendIModelsAccess(options);
    this._client = new IModelsClient(options);
  }

  /**
   * The id of an iTwin by its name.
   * @throws ConnectorError `imodelhub/unknown-itwin`
   */
  public async findITwin(name: string): Promise<GuidString> {
    const url = `${this._server}/itwins?displayName=${encodeURIComponent(name)}`;
    const found = await this._withToken(async (token) => {
      const response = await fetch(url, { headers: { Authorization: token } });
      if (!response.ok) throw new ResponseError(response.status, `${url} answered with status ${response.status}.`);
      return ((await response.json()) as { iTwins: { id: GuidString }[] }).iTwins;
    });
    const [iTwin, ...others] = found;
    if (iTwin !== undefined && others.length === 0) return iTwin.id;
    throw new ConnectorError("imodelhub/unknown-itwin", `${found.length} iTwins are named ${name}.`, {
      advice: "Give the id of the iTwin with --contextId.",
    });
  }

  /** Name and iTwin of an iModel. */
  public async describe(iModelId: GuidString): Promise<HubIModel> {
    const { id, displayName, iTwinId } = await this._withToken((token) => {
      const [scheme = "", value = ""] = token.split(" ");
      return this._client.iModels.getSingle({ authorization: async () => ({ scheme, token: value }), iModelId });
    });
    return { id, iTwinId, name: displayName };
  }

  /** Whether an iModel has a changeset. Where its index is known, it must be there. */
  public async hasChangeset(iModelId: GuidString, { id, index }: ChangesetIdWithIndex): Promise<boolean> {
    try {
      const found = await this.queryChangeset({ iModelId, changeset: { id } });
      return index === undefined || found.index === index;
    } catch (error) {
      if (keyOf(error) === "ChangesetNotFound") return false;
      throw error;
    }
  }

  protected override async forward(operation: HubOperation, [arg, ...rest]: unknown[]): Promise<unknown> {
    return this._withToken((accessToken) =>
      callHub(this._access, operation, [{ ...plain(arg), accessToken }, ...rest]),
    );
  }

  private async _withToken<T>(request: (token: AccessToken) => Promise<T>): Promise<T> {
    try {
      return await this._tryWithToken(request);
    } catch (error) {
      if (statusOf(error) !== 401) throw translate(error);
    }
    try {
      return await this._tryWithToken(request);
    } catch (error) {
      throw translate(error);
    }
  }

  /** A token that was refused, or that could not be had, is not kept. */
  private async _tryWithToken<T>(request: (token: AccessToken) => Promise<T>): Promise<T> {
    let token: AccessToken | undefined;
    try {
      token = await (this._token ??= this._askForToken());
      return await request(token);
    } catch (error) {
      if (token === undefined || statusOf(error) === 401) this._token = undefined;
      throw error;
    }
  }

  private async _askForToken(): Promise<AccessToken> {
    const token = await this._options.getToken();
    return /^\S+ /.test(token) ? token : `Bearer ${token}`;
  }
}

/** An answer that is not the wanted one. */
class ResponseError extends Error {
  public constructor(
    public readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

function serverOf(environment: string): string {
  const server = servers[environment.toUpperCase()] ?? environment;
  if (URL.canParse(server)) return server.replace(/\/+$/, "");
  throw new ConnectorError("usage/environment", `There is no environment ${environment}.`, {
    advice: "Give PROD, QA or DEV, or the URL of a server.",
  });
}

/** core-backend hands over whole briefcases at times, whose properties are not their own. */
function plain(arg: unknown): object {
  if (!(arg instanceof IModelDb)) return arg as object;
  const { iModelId, briefcaseId, changeset } = arg as unknown as BriefcaseDbArg;
  return { iModelId, briefcaseId, changeset };
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number } | undefined)?.statusCode;
}

function keyOf(error: unknown): string | undefined {
  return (error as { iTwinErrorId?: { key: string } } | undefined)?.iTwinErrorId?.key;
}

/** Why a request got no answer; undefined for other errors. `fetch` and the platform's client have the reason in other places. */
function reasonOfSilence(error: unknown): string | undefined {
  const { originalError, cause } = error as { originalError?: { code?: string }; cause?: unknown };
  if (error instanceof TypeError && error.message === "fetch failed") return messageOf(cause);
  return originalError?.code === undefined || statusOf(error) !== undefined ? undefined : messageOf(originalError);
}

function unreachable(reason: string, cause: unknown): ConnectorError {
  return new ConnectorError("imodelhub/unreachable", `iModelHub does not answer: ${reason}.`, {
    cause,
    recovery: "retriable",
    advice: "Check the network, the proxy and --environment, then start the run again.",
  });
}

/** An error of iModelHub as core-backend knows it, or as a user can act upon it. */
function translate(error: unknown): unknown {
  const { conflictingLocks } = error as { conflictingLocks?: { briefcaseIds: number[] }[] };
  const holder = conflictingLocks?.[0]?.briefcaseIds[0];
  if (holder !== undefined) return new LockConflict(holder, `briefcase ${holder}`, "exclusive lock is already held");
  // Another one who is pushing will be ahead: core-backend cannot push the same file again, but it can pull and push.
  if (["NewerChangesExist", "AnotherUserPushing", "ConflictWithAnotherUser"].includes(keyOf(error) ?? ""))
    return new IModelError(IModelHubStatus.PullIsRequired, messageOf(error));
  const reason = reasonOfSilence(error);
  if (reason !== undefined) return unreachable(reason, error);
  if (![401, 403].includes(statusOf(error) ?? 0)) return error;
  return new ConnectorError("imodelhub/denied", `iModelHub refuses access: ${messageOf(error)}`, {
    cause: error,
    advice: "Check --accessTokenFile: the token may have expired, or lack the right to change the iModel.",
  });
}
