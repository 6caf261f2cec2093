import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Kysely } from "kysely";
import type { ClientConfig } from "../config/ServiceConfig.js";
import type { Tables } from "../database/tables.js";
import { readSecret } from "./SigningKeys.js";

/** The file in the data directory that tells the owner of it how to sign in. */
export const credentialsFile = "credentials.json";

/** What is in that file. */
export interface OwnCredentials {
  /** The client id. */
  clientId: string;
  /** The secret of the client. */
  clientSecret: string;
  /** An iTwin to begin with. */
  iTwinId: string;
}

/**
 * The client of a service that was told of none: it may use all iTwins. Its secret is made once, kept in the database, and
 * written to a file that only the owner may read.
 */
export async function ownClient(db: Kysely<Tables>, dataDirectory: string): Promise<ClientConfig> {
  const made = await readSecret<OwnCredentials>(db, "own-client", async () => ({
    clientId: "service-owner",
    clientSecret: randomBytes(32).toString("base64url"),
    iTwinId: randomUUID(),
  }));
  await ensureITwin(db, made);
  await writeFile(join(dataDirectory, credentialsFile), `${JSON.stringify(made, undefined, 2)}\n`, { mode: 0o600 });
  return { id: made.clientId, secret: made.clientSecret, iTwins: "*" };
}

async function ensureITwin(db: Kysely<Tables>, { iTwinId, clientId }: OwnCredentials): Promise<void> {
  await db
    .insertInto("itwins")
    .values({
      id: iTwinId,
      display_name: "Default",
      class: "Endeavor",
      sub_class: "Project",
      status: "Active",
      created_at: new Date(),
      created_by: clientId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .insertInto("itwin_members")
    .values({ itwin_id: iTwinId, subject: clientId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
