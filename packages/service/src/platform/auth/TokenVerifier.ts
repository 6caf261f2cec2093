import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey, type JWTPayload } from "jose";
import { LRUCache } from "lru-cache";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import type { IssuerConfig } from "../config/ServiceConfig.js";
import { unauthorized, type HttpError } from "../errors.js";
import { toPrincipal, type Principal } from "./Principal.js";
import { iTwinsClaim, ownAudience } from "./ownTokens.js";
import { publicPart, type SigningKeys } from "./SigningKeys.js";

/** How many tokens are remembered. */
const maxKnown = 10_000;

/** Tells whom a token belongs to. Tokens that were verified are remembered until they run out. */
export class TokenVerifier {
  private readonly _known = new LRUCache<string, Principal>({ max: maxKnown });

  private constructor(
    private readonly _verify: (token: string) => Promise<JWTPayload>,
    private readonly _claim: string,
  ) {}

  /** Takes the tokens of this service. */
  public static ofOwn(keys: SigningKeys): TokenVerifier {
    const keySet = createLocalJWKSet({ keys: [publicPart(keys.token)] });
    return TokenVerifier._with(keySet, { audience: ownAudience }, iTwinsClaim);
  }

  /**
   * Takes the tokens of another issuer, whose keys are fetched when the first token arrives.
   * @throws ConnectorError `service/issuer` where there is no discovery document
   */
  public static async ofIssuer({
    url,
    audience,
    iTwinsClaim: claim = iTwinsClaim,
  }: IssuerConfig): Promise<TokenVerifier> {
    const { issuer, jwks_uri: keysUrl } = await discover(url);
    return TokenVerifier._with(createRemoteJWKSet(new URL(keysUrl)), { issuer, audience }, claim);
  }

  private static _with(
    keys: JWTVerifyGetKey,
    options: { issuer?: string; audience?: string },
    claim: string,
  ): TokenVerifier {
    const verify = async (token: string) =>
      (await jwtVerify(token, keys, { ...options, requiredClaims: ["exp"] })).payload;
    return new TokenVerifier(verify, claim);
  }

  /**
   * Whom the header of a request names.
   * @throws HttpError 401
   */
  public async principalOf(authorization: string | undefined): Promise<Principal> {
    if (authorization === undefined)
      throw unauthorized("HeaderNotFound", "Header Authorization was not found in the request. Access denied.");
    if (!/^bearer( |$)/i.test(authorization))
      throw unauthorized(
        "InvalidAuthorizationScheme",
        "The scheme of header Authorization is not Bearer. Access denied.",
      );
    const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined)
      throw unauthorized(
        "InvalidHeaderValue",
        "Header Authorization is not of the form Bearer <token>. Access denied.",
      );
    const known = this._known.get(token);
    if (known !== undefined && known.expiresAt > Date.now()) return known;
    return this._remember(token, await this._check(token));
  }

  private async _check(token: string): Promise<JWTPayload> {
    try {
      return await this._verify(token);
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw invalidToken("The token has expired.");
      if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout))
        throw invalidToken("The token is not valid here.");
      throw error;
    }
  }

  private _remember(token: string, claims: JWTPayload): Principal {
    const principal = toPrincipal(claims, this._claim);
    // All who have no name would be one, and share what each of them may use.
    if (principal.subject === "") throw invalidToken("The token names nobody.");
    this._known.set(token, principal);
    return principal;
  }
}

/** The platform's code and message, and the reason. */
function invalidToken(reason: string): HttpError {
  const message =
    "Access denied due to invalid access_token. Make sure to provide a valid token for this API endpoint.";
  return unauthorized("Unauthorized", `${message} ${reason}`);
}

async function discover(url: string): Promise<{ issuer: string; jwks_uri: string }> {
  const address = `${url.replace(/\/$/, "")}/.well-known/openid-configuration`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`it answered with status ${response.status}`);
    return (await response.json()) as { issuer: string; jwks_uri: string };
  } catch (error) {
    throw new ConnectorError("service/issuer", `${address} could not be read: ${messageOf(error)}`, {
      cause: error,
      advice: "Check the issuer's url in the configuration, and that it can be reached from here.",
    });
  }
}
