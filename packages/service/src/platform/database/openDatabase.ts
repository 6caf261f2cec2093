import { PGlite } from "@electric-sql/pglite";
import { Kysely, PostgresDialect, sql } from "kysely";
import { PGliteDialect } from "kysely-pglite-dialect";
import pg from "pg";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import { migrate } from "./migrate.js";
import type { Tables } from "./tables.js";

/** The database of a service, the same for the embedded Postgres and a server. */
export interface ServiceDatabase {
  db: Kysely<Tables>;
  close(): Promise<void>;
}

/** The number of the type int8 in Postgres. Its values are sizes and counts, which a number holds exactly. */
const int8 = 20;

/**
 * Opens the database and brings its tables up to date.
 * @param place - the URL of a Postgres server, or the folder of an embedded one, which is made if it is missing
 * @throws ConnectorError `service/database`
 */
export async function openDatabase(place: { url: string } | { folder: string }): Promise<ServiceDatabase> {
  const database = "url" in place ? openServer(place.url) : await openEmbedded(place.folder);
  try {
    await sql`SELECT 1`.execute(database.db);
    await migrate(database.db);
    return database;
  } catch (error) {
    await database.close().catch(() => {}); // the first error is the one to report
    throw new ConnectorError("service/database", `The database cannot be used: ${messageOf(error)}`, {
      cause: error,
      advice: "Check DATABASE_URL, and that the server runs and lets this user create tables.",
    });
  }
}

async function openEmbedded(folder: string): Promise<ServiceDatabase> {
  const pglite = await PGlite.create(folder, { parsers: { [int8]: Number } });
  const db = new Kysely<Tables>({ dialect: new PGliteDialect(pglite) });
  const close = async () => {
    await db.destroy();
    if (!pglite.closed) await pglite.close();
  };
  return { db, close };
}

function openServer(url: string): ServiceDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser },
  });
  pool.on("error", () => {}); // of an idle connection: the pool replaces it, and a query that fails says so itself
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy() };
}

/** As pg does, but for int8, which it leaves a text. */
function getTypeParser(oid: number, format?: "text" | "binary"): unknown {
  return oid === int8 ? Number : (pg.types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format);
}
