import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";

/** Where a client has its tokens from. */
export interface TokenSource {
  /**
   * An access token, without `Bearer`.
   * @param refused - a token that the service does not take any more: another one is wanted, if there is one
   */
  getToken(refused?: string): Promise<string>;
}

/** One token, as long as it holds. */
export function fixedToken(token: string): TokenSource {
  const value = bare(token);
  return { getToken: async () => value };
}

/** A client of an issuer. */
export interface ClientCredentials {
  /** The URL of the issuer; the embedded issuer of a service has the URL of the service. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Default: `itwin-platform`. */
  scope?: string;
}

/**
 * Tokens by client credentials, through the platform's own client for that; each is renewed before it runs out.
 * @throws ConnectorError `client/sign-in`, at the first request
 */
export function clientCredentials(credentials: ClientCredentials): TokenSource {
  const { issuer, clientId, clientSecret, scope = "itwin-platform" } = credentials;
  const begin = async () => {
    const { ServiceAuthorizationClient } = await import("@itwin/service-authorization");
    return new ServiceAuthorizationClient({ authority: issuer, clientId, clientSecret, scope });
  };
  let client: ReturnType<typeof begin> | undefined;
  const ask = async () => bare(await (await (client ??= begin())).getAccessToken());
  const getToken = async (refused?: string): Promise<string> => {
    try {
      const token = await ask();
      if (token !== refused) return token;
      client = undefined; // it keeps its token until that runs out
      return await ask();
    } catch (error) {
      throw new ConnectorError("client/sign-in", `${issuer} gives no token to ${clientId}: ${messageOf(error)}`, {
        cause: error,
        advice: "Check that the issuer can be reached, the id of the client and its secret.",
      });
    }
  };
  return { getToken };
}

function bare(token: string): string {
  return token.replace(/^Bearer\s+/i, "");
}
