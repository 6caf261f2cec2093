import { importJWK, SignJWT, type JWK } from "jose";
import { iTwinsClaim, ownAudience } from "./ownTokens.js";
import { publicPart, tokenKeyId, type SigningKeys } from "./SigningKeys.js";

/** How long a token holds, in seconds. */
export const tokenSeconds = 3600;

/** Whom a token is issued to. */
export interface TokenSubject {
  clientId: string;
  scopes: string[];
  iTwins: string[];
}

/** Issues tokens for the clients of a service that has no other issuer. */
export class TokenIssuer {
  public constructor(private readonly _keys: SigningKeys) {}

  /** The keys that verify the tokens, as a JSON Web Key Set. */
  public get keySet(): { keys: JWK[] } {
    return { keys: [publicPart(this._keys.token)] };
  }

  /**
   * A signed JSON Web Token.
   * @param issuer - the URL of the service, as the client sees it
   */
  public async issue(issuer: string, { clientId, scopes, iTwins }: TokenSubject): Promise<string> {
    const claims = { client_id: clientId, scope: scopes, name: clientId, [iTwinsClaim]: iTwins };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: tokenKeyId })
      .setIssuer(issuer)
      .setAudience(ownAudience)
      .setSubject(clientId)
      .setIssuedAt()
      .setExpirationTime(`${tokenSeconds}s`)
      .sign(await importJWK(this._keys.token));
  }
}
