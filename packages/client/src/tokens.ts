import * as oauth from "oauth4webapi";
import { ClientError, messageOf } from "./ClientError.js";

/** Supplies access tokens to a client. */
export interface TokenSource {
  /**
   * Gets an access token, without `Bearer`.
   * @param refused - a token that the service no longer accepts. Return another one if there is one
   */
  getToken(refused?: string): Promise<string>;
}

/** A source that always returns the same token. */
export function fixedToken(token: string): TokenSource {
  const value = bare(token);
  return { getToken: async () => value };
}

/** A client that is registered with an issuer of tokens. */
export interface ClientCredentials {
  /**
   * The URL of the issuer, such as `https://ims.bentley.com`. A self-hosted service issues tokens itself: give its URL.
   * Unencrypted http is used only if the URL says so.
   */
  issuer: string;
  /** The id of the client. */
  clientId: string;
  /** The secret of the client. Do not ship it to browsers of other people. */
  clientSecret: string;
  /** The scopes to ask for, separated by spaces. Default: `itwin-platform`. */
  scope?: string;
}

/**
 * A source that gets tokens by the OAuth 2 client credentials grant. A token is used until a minute before it expires, or
 * until a service refuses it. `getToken` throws `ClientError` `client/sign-in`, at the first request of the client.
 */
export function clientCredentials(credentials: ClientCredentials): TokenSource {
  return new IssuedTokens(credentials);
}

/** An access token, and when to ask for the next one, in milliseconds since 1970. */
interface IssuedToken {
  token: string;
  expires: number;
}

class IssuedTokens implements TokenSource {
  /** Requests at the same time share one token. Undefined after a failure. */
  private _current?: Promise<IssuedToken>;

  public constructor(private readonly _credentials: ClientCredentials) {}

  public async getToken(refused?: string): Promise<string> {
    const current = this._current;
    const known = await current;
    if (known !== undefined && known.token !== refused && known.expires > Date.now()) return known.token;
    const next = this._current === current || this._current === undefined ? this._request() : this._current;
    return (await next).token;
  }

  private async _request(): Promise<IssuedToken> {
    const request = requestToken(this._credentials).catch((error: unknown) => {
      this._current = undefined;
      throw signInFailed(this._credentials, error);
    });
    this._current = request;
    return request;
  }
}

function signInFailed({ issuer, clientId }: ClientCredentials, cause: unknown): ClientError {
  return new ClientError("client/sign-in", `${issuer} gives no token to ${clientId}: ${messageOf(cause)}`, {
    cause,
    advice: "Check that the issuer can be reached, and the id and the secret of the client.",
  });
}

/** A token is renewed this long before it expires, in milliseconds, so that no request arrives with an expired one. */
const renewalMargin = 60_000;

/** How long to wait for each of the two answers of an issuer, in milliseconds. */
const issuerTimeout = 30_000;

async function requestToken({ issuer, clientId, clientSecret, scope = "itwin-platform" }: ClientCredentials) {
  const url = new URL(issuer);
  const options = {
    [oauth.allowInsecureRequests]: url.protocol === "http:",
    signal: () => AbortSignal.timeout(issuerTimeout),
  };
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
  const client = { client_id: clientId };
  const secret = oauth.ClientSecretBasic(clientSecret);
  const answer = await oauth.clientCredentialsGrantRequest(server, client, secret, { scope }, options);
  const granted = await oauth.processClientCredentialsResponse(server, client, answer);
  const lifetime = (granted.expires_in ?? 3600) * 1000;
  return { token: bare(granted.access_token), expires: Date.now() + lifetime - renewalMargin };
}

function bare(token: string): string {
  return token.replace(/^Bearer\s+/i, "");
}
