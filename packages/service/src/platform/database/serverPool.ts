import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import { ensureBounded } from "./boundedStatement.js";
import { DatabaseUnavailable } from "./DatabaseUnavailable.js";
import { int8 } from "./int8.js";

/** Connections to a Postgres server. What says that the server does not answer is thrown as `DatabaseUnavailable`. */
export function openServerPool(url: string): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A connection that is lost says so by its next statement. Without these, it ends the process: the pool listens to idle
  // connections alone, and hands on what it hears.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  return { connect: () => connect(pool), end: () => pool.end() };
}

async function connect(pool: pg.Pool): Promise<PostgresPoolClient> {
  const client = await pool.connect().catch((error: unknown) => {
    throw describe(error);
  });
  const query = async (sql: string, parameters: readonly unknown[]): Promise<unknown> => {
    ensureBounded(parameters);
    try {
      return await client.query(sql, [...parameters]);
    } catch (error) {
      throw describe(error);
    }
  };
  return {
    query: query as PostgresPoolClient["query"],
    release: (destroy) => client.release(destroy),
  };
}

/** Connection exceptions; the server shuts down, was killed or is starting; it has too many connections. */
const unavailable = /^(08|57P|53300)/;

/** Only the server itself gives a severity: all other errors are of the connection to it. */
function describe(error: unknown): unknown {
  const { code, severity } = error as { code?: string; severity?: string };
  return severity === undefined || unavailable.test(code ?? "") ? new DatabaseUnavailable(error) : error;
}

/** As pg does, but for int8, which it leaves a text. */
function getTypeParser(oid: number, format?: "text" | "binary"): unknown {
  return oid === int8 ? Number : (pg.types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format);
}
