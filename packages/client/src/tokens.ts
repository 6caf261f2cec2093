import * as oauth from "oauth4webapi";
import { ClientError, messageOf } from "./ClientError.js";

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
 * Gets tokens by the OAuth 2 client credentials grant. A token is kept until a minute before it expires.
 * @throws ClientError `client/sign-in`, at the first request
 */
export function clientCredentials(credentials: ClientCredentials): TokenSource {
  let current: Promise<IssuedToken> | undefined;
  const ask = async (refused?: string): Promise<string> => {
    const known = await current;
    if (known !== undefined && known.token !== refused && known.expires > Date.now()) return known.token;
    return (await (current = requestToken(credentials))).token;
  };
  const getToken = async (refused?: string): Promise<string> => {
    try {
      return await ask(refused);
    } catch (error) {
      current = undefined;
      const { issuer, clientId } = credentials;
      throw new ClientError("client/sign-in", `${issuer} gives no token to ${clientId}: ${messageOf(error)}`, {
        cause: error,
        advice: "Check that the issuer can be reached, and the id and the secret of the client.",
      });
    }
  };
  return { getToken };
}

/** An access token, and when to ask for the next one, in milliseconds since 1970. */
interface IssuedToken {
  token: string;
  expires: number;
}

/** A token is renewed this long before it expires, in milliseconds, so that no request arrives with an expired one. */
const renewalMargin = 60_000;

async function requestToken({ issuer, clientId, clientSecret, scope = "itwin-platform" }: ClientCredentials) {
  const url = new URL(issuer);
  // A service on this machine is reached without TLS; who wants TLS gives an https URL.
  const options = { [oauth.allowInsecureRequests]: url.protocol === "http:" };
  const discovered = await oauth.discoveryRequest(url, options);
  const server = await oauth.processDiscoveryResponse(url, discovered);
  const client = { client_id: clientId };
  const secret = oauth.ClientSecretBasic(clientSecret);
  const answered = await oauth.clientCredentialsGrantRequest(server, client, secret, { scope }, options);
  const granted = await oauth.processClientCredentialsResponse(server, client, answered);
  const lifetime = (granted.expires_in ?? 3600) * 1000;
  return { token: bare(granted.access_token), expires: Date.now() + lifetime - renewalMargin };
}

function bare(token: string): string {
  return token.replace(/^Bearer\s+/i, "");
}
