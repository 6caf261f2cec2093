import { stat } from "node:fs/promises";
import { SQLiteDb } from "@itwin/core-backend";
import { OpenMode } from "@itwin/core-bentley";
import type { NotImportedReport } from "../../sync/items/NotImportedReports.js";
import { listNames, type SourceErrors } from "../format/SourceErrors.js";
import type { TableOptions } from "../format/TableOptions.js";
import type { TableReader } from "../format/TableReader.js";
import type { RowNumberOptions } from "../rows/rowNumbers.js";
import { SqliteTable } from "./SqliteTable.js";
import { explain } from "./sqliteValues.js";

/**
 * All but SQLite's own tables, and those that virtual tables keep their data in. Of a virtual table whose module is not
 * there SQLite knows no columns, nor its tables: they begin with its name.
 */
const listSql = `SELECT name, CASE WHEN type = 'table' AND EXISTS (
    SELECT 1 FROM pragma_table_list v WHERE v.schema = 'main' AND v.type = 'virtual' AND v.ncol = 0
      AND substr(l.name, 1, length(v.name) + 1) = v.name || '_') THEN 'inner' ELSE type END type, wr
  FROM pragma_table_list l WHERE schema = 'main' AND type <> 'shadow' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name`;

/** What is in a file, as SQLite lists it. */
interface Listed {
  name: string;
  type: "table" | "view" | "virtual" | "inner";
  /** 1 for a table WITHOUT ROWID. */
  wr: number;
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
 * @param ids - the options `idByRow` and `idColumn`: with the first, rows without a key and a column of identifiers are known
 * by their rowid; those of a view by their place in it. Default: they are refused, and nothing is said of the option
 * @throws ConnectorError `<code>/unknown-table` for a table of `names` that is not there
 * @public
 */
export function openSqlite(
  errors: SourceErrors,
  names?: readonly string[],
  wanted?: readonly string[],
  ids?: Pick<TableOptions, "idColumn"> & { readonly idByRow?: boolean },
): TableReader {
  const db = new SQLiteDb();
  try {
    db.openDb(errors.file, readOnly);
    return {
      ...chooseTables(db, errors, { names, wanted, ids }),
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
  { names, wanted = [], ids }: { names?: readonly string[]; wanted?: readonly string[]; ids?: RowNumberOptions },
): Pick<TableReader, "tables" | "notImported"> {
  const all = db.withPreparedSqliteStatement(listSql, (statement) => [...statement] as Listed[]);
  const isChosen = ({ name, type }: Listed) => onRequest[type] === undefined || wanted.includes(name);
  const chosen = names === undefined ? all.filter(isChosen) : names.map((name) => findListed(all, name, errors));
  return {
    tables: chosen.map(({ name, type, wr }) => {
      return new SqliteTable(db, { name, hasRowIds: type !== "view" && wr === 0 }, errors, ids);
    }),
    notImported: names === undefined ? all.filter((listed) => !isChosen(listed)).map(leftOut) : [],
  };
}

function findListed(all: readonly Listed[], wanted: string, errors: SourceErrors): Listed {
  const found = all.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw errors.make("unknown-table", `There is no table or view "${wanted}".`, {
    source: {},
    advice: `There are: ${listNames(all.map(({ name }) => name))}.`,
  });
}

function leftOut({ name, type }: Listed): NotImportedReport {
  return {
    what: onRequest[type] ?? type,
    reason: 'it is read only if the option "tables" or a mapping names it',
    example: name,
  };
}
