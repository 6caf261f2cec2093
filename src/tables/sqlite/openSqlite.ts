import { stat } from "node:fs/promises";
import { SQLiteDb } from "@itwin/core-backend";
import { OpenMode } from "@itwin/core-bentley";
import type { NotImportedReport } from "../../sync/items/NotImportedReports.js";
import { listNames, type SourceErrors } from "../format/SourceErrors.js";
import type { TableReader } from "../format/TableReader.js";
import { SqliteTable } from "./SqliteTable.js";
import { explain } from "./sqliteValues.js";

/**
 * All but SQLite's own tables, and those that virtual tables keep their data in. Of a virtual table whose module is not
 * there SQLite knows no columns, nor its tables: they begin with its name.
 */
const listSql = `SELECT name, CASE WHEN type = 'table' AND EXISTS (
    SELECT 1 FROM pragma_table_list v WHERE v.schema = 'main' AND v.type = 'virtual' AND v.ncol = 0
      AND substr(l.name, 1, length(v.name) + 1) = v.name || '_') THEN 'inner' ELSE type END type
  FROM pragma_table_list l WHERE schema = 'main' AND type <> 'shadow' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name`;

/** What is in a file, as SQLite lists it. */
interface Listed {
  name: string;
  type: "table" | "view" | "virtual" | "inner";
}

/** What is only read where it is named, and how it is called in reports. */
const onRequest: Readonly<Partial<Record<Listed["type"], string>>> = {
  view: "view",
  virtual: "virtual table",
  inner: "table of a virtual table",
};

/** Immutable, so that nothing is written beside the file: no journal, no shared memory. */
const readOnly = { openMode: OpenMode.Readonly, rawSQLite: true, immutable: true, defaultTxn: 0 } as const;

/**
 * Opens tables and views of a file.
 * Integers that no double holds, and blobs (in hex), come as texts. Declared booleans and times are taken as such.
 * @param names - which ones, all of which must be there
 * @param wanted - which views and virtual tables are read beside all tables, as far as they are there. Default: none, since
 * views show again what tables hold, and virtual tables have no rows of their own. Those left out are reported
 * @throws ConnectorError `<code>/unknown-table` for a table of `names` that is not there
 * @public
 */
export function openSqlite(errors: SourceErrors, names?: readonly string[], wanted?: readonly string[]): TableReader {
  const db = new SQLiteDb();
  try {
    db.openDb(errors.file, readOnly);
    return {
      ...chooseTables(db, errors, { names, wanted }),
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
  { names, wanted = [] }: { names?: readonly string[]; wanted?: readonly string[] },
): Pick<TableReader, "tables" | "notImported"> {
  const all = db.withPreparedSqliteStatement(listSql, (statement) => [...statement] as Listed[]);
  if (names !== undefined) checkNames(names, all, errors);
  const isChosen = ({ name, type }: Listed) => onRequest[type] === undefined || wanted.includes(name);
  const chosen = names ?? all.filter(isChosen).map(({ name }) => name);
  return {
    tables: chosen.map((name) => new SqliteTable(db, name, errors)),
    notImported: names === undefined ? all.filter((listed) => !isChosen(listed)).map(leftOut) : [],
  };
}

function checkNames(names: readonly string[], all: readonly Listed[], errors: SourceErrors): void {
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw errors.make("unknown-table", `There is no table or view "${unknown}".`, {
    source: {},
    advice: `There are: ${listNames(known)}.`,
  });
}

function leftOut({ name, type }: Listed): NotImportedReport {
  return {
    what: onRequest[type] ?? type,
    reason: 'it is read only if the option "tables" or a mapping names it',
    example: name,
  };
}
