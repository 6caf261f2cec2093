import { Kysely, PostgresDialect, sql } from "kysely";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import { EmbeddedPool } from "./EmbeddedPool.js";
import { migrate } from "./migrate.js";
import { openServerPool } from "./serverPool.js";
import type { Tables } from "./tables.js";

/** The database of a service, the same for the embedded Postgres and a server. */
export interface ServiceDatabase {
  db: Kysely<Tables>;
  close(): Promise<void>;
}

/**
 * Opens the database and brings its tables up to date.
 * @param place - the URL of a Postgres server, or the folder of an embedded one, which is made if it is missing
 * @throws ConnectorError `service/database`
 */
export async function openDatabase(place: { url: string } | { folder: string }): Promise<ServiceDatabase> {
  const pool = "url" in place ? openServerPool(place.url) : new EmbeddedPool(place.folder);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await sql`SELECT 1`.execute(db);
    await migrate(db);
    return { db, close: () => db.destroy() };
  } catch (error) {
    await db.destroy().catch(() => {}); // the first error is the one to report
    throw new ConnectorError("service/database", `The database cannot be used: ${messageOf(error)}`, {
      cause: error,
      advice: "Check DATABASE_URL, and that the server runs and lets this user create tables.",
    });
  }
}
