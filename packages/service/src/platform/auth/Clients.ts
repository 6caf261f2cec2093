import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { ConnectorError } from "itwin-connector-framework";
import type { ClientConfig } from "../config/ServiceConfig.js";
import { platformScope } from "./Principal.js";
import type { TokenSubject } from "./TokenIssuer.js";

/** Every scope that an operation asks for. */
export const allScopes = [
  platformScope,
  "storage:read",
  "storage:modify",
  "synchronization:read",
  "synchronization:modify",
  "imodels:read",
  "imodels:modify",
  "itwins:read",
  "itwins:modify",
  "users:read",
  "webhooks:read",
  "webhooks:modify",
];

/** A client that the embedded issuer knows, by a hash of its secret. */
interface KnownClient {
  secretHash: Buffer;
  scopes: string[];
  iTwins: string[];
}

/** A client id and its secret, as the client sends them. */
export interface ClientCredentials {
  id: string;
  secret: string;
}

/** The clients of the embedded issuer. */
export class Clients {
  private readonly _clients = new Map<string, KnownClient>();

  /**
   * @param configured - those of the configuration
   * @throws ConnectorError `service/client-secret` for one without a secret
   */
  public constructor(configured: ClientConfig[]) {
    for (const { id, scopes = [platformScope], iTwins = [], ...client } of configured)
      this._clients.set(id, {
        secretHash: hash(secretOf(id, client)),
        scopes,
        iTwins: iTwins === "*" ? ["*"] : iTwins,
      });
  }

  /**
   * Whom a token may be issued to.
   * @param wanted - the scopes that are asked for; none for all that the client may have
   * @returns undefined where the credentials are wrong, and no scopes where the client may have none of those wanted
   */
  public verify({ id, secret }: ClientCredentials, wanted: string[]): TokenSubject | undefined {
    const client = this._clients.get(id);
    // An unknown client takes as long as a wrong secret.
    const isRight = timingSafeEqual(client?.secretHash ?? randomBytes(32), hash(secret));
    if (client === undefined || !isRight) return undefined;
    const scopes = wanted.length === 0 ? client.scopes : wanted.filter((scope) => isGranted(client, scope));
    return { clientId: id, scopes, iTwins: client.iTwins };
  }
}

/** Who may do everything may also ask for less. */
function isGranted({ scopes }: KnownClient, scope: string): boolean {
  return scopes.includes(scope) || (scopes.includes(platformScope) && allScopes.includes(scope));
}

function secretOf(id: string, { secret, secretVariable }: Pick<ClientConfig, "secret" | "secretVariable">): string {
  const found = secret ?? (secretVariable === undefined ? undefined : process.env[secretVariable]);
  if (found !== undefined && found !== "") return found;
  const lacking =
    secretVariable === undefined ? "has no secret" : `has its secret in ${secretVariable}, which is not set`;
  throw new ConnectorError("service/client-secret", `The client ${id} ${lacking}.`, {
    advice: "Give the client a secret, or a secretVariable that is set where the service runs.",
  });
}

function hash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
