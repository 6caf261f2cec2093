import { stat } from "node:fs/promises";
import { SQLiteDb } from "@itwin/core-backend";
import { OpenMode } from "@itwin/core-bentley";
import { listNames, type SourceErrors } from "../format/SourceErrors.js";
import type { TableReader } from "../format/TableReader.js";
import { SqliteTable } from "./SqliteTable.js";
import { explain } from "./sqliteValues.js";

/** All but SQLite's own tables, and those that virtual tables keep their data in. */
const listSql =
  "SELECT name FROM pragma_table_list WHERE schema='main' AND type<>'shadow' AND substr(name,1,7)<>'sqlite_'";

/** Immutable, so that nothing is written beside the file: no journal, no shared memory. */
const readOnly = { openMode: OpenMode.Readonly, rawSQLite: true, immutable: true, defaultTxn: 0 } as const;

/**
 * Opens tables and views of a file.
 * Integers that no double holds, and blobs (in hex), come as texts. Declared booleans and times are taken as such.
 * @param names - which ones, all of which must be there
 * @param wanted - which ones without `names`, as far as they are there. Default: all tables; no views, since they show
 * again what tables hold
 * @throws ConnectorError `<code>/unknown-table` for a table of `names` that is not there
 * @public
 */
export function openSqlite(errors: SourceErrors, names?: readonly string[], wanted?: readonly string[]): TableReader {
  const db = new SQLiteDb();
  try {
    db.openDb(errors.file, readOnly);
    return {
      tables: chooseTables(db, errors, { names, wanted }),
      hasNamedTables: true,
      close: () => db.closeDb(false),
    };
  } catch (error) {
    if (db.isOpen) db.closeDb(false);
    throw explain(error, errors);
  }
}

/**
 * Refuses a file of which a part stands beside it, because it is being written or its writer was cut off.
 * @throws ConnectorError `<code>/in-use`, retriable
 * @public
 */
export async function checkSqliteIsSettled(errors: SourceErrors): Promise<void> {
  for (const suffix of ["-wal", "-journal"]) {
    const { size } = await stat(errors.file + suffix).catch(() => ({ size: 0 }));
    if (size > 0)
      throw errors.make("in-use", `The file is being written: ${suffix} beside it holds changes that are not in it.`, {
        source: {},
        recovery: "retriable",
        advice: "Close the program that writes it, and start again; a copy made with VACUUM INTO does as well.",
      });
  }
}

function chooseTables(
  db: SQLiteDb,
  errors: SourceErrors,
  { names, wanted }: { names?: readonly string[]; wanted?: readonly string[] },
): SqliteTable[] {
  const all = namesOf(db, listSql);
  const unknown = names?.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw errors.make("unknown-table", `There is no table or view "${unknown}".`, {
      source: {},
      advice: `There are: ${listNames(all)}.`,
    });
  const found = wanted?.filter((name) => all.includes(name));
  const chosen = names ?? found ?? namesOf(db, `${listSql} AND type<>'view' ORDER BY name`);
  return chosen.map((name) => new SqliteTable(db, name, errors));
}

function namesOf(db: SQLiteDb, sql: string): string[] {
  return db.withPreparedSqliteStatement(sql, (statement) => Array.from(statement, ({ name }) => name as string));
}
