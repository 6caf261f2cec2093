import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import type { Kysely } from "kysely";
import type { Tables } from "../database/tables.js";

/** Keys that all processes of a service share. */
export interface SigningKeys {
  /** Signs tokens: an RSA key, the one that all clients can verify. */
  token: JWK;
  /** Signs pre-signed URLs. */
  url: Buffer;
}

/** The id of the key of tokens, which tokens name. */
export const tokenKeyId = "service";

/** Reads the keys, which the first process of a service makes. */
export async function readSigningKeys(db: Kysely<Tables>): Promise<SigningKeys> {
  const token = await readSecret<JWK>(db, "token-key", makeTokenKey);
  const { secret } = await readSecret(db, "url-key", async () => ({ secret: randomBytes(32).toString("base64") }));
  return { token, url: Buffer.from(secret, "base64") };
}

/** The part of a key that verifies, and that anybody may know. */
export function publicPart({ kty, n, e, kid, alg, use }: JWK): JWK {
  return { kty, n, e, kid, alg, use };
}

async function makeTokenKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: tokenKeyId, alg: "RS256", use: "sig" };
}

/** What several processes make at once, all take from the one that was quickest. */
export async function readSecret<T extends object>(
  db: Kysely<Tables>,
  name: string,
  make: () => Promise<T>,
): Promise<T> {
  const query = db.selectFrom("secrets").select("value").where("name", "=", name);
  const known = await query.executeTakeFirst();
  if (known !== undefined) return known.value as T;
  const value = JSON.stringify(await make());
  await db
    .insertInto("secrets")
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await query.executeTakeFirstOrThrow()).value as T;
}
