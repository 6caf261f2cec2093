import { SQLiteDb } from "@itwin/core-backend";
import { DbResult, OpenMode } from "@itwin/core-bentley";
import { existsSync } from "node:fs";

const raw = { rawSQLite: true, skipFileCheck: true, defaultTxn: 0 } as const;

/** Carries out SQL on a SQLite file, which is made where it is missing. */
export function execute(path: string, statements: readonly string[]): void {
  const db = open(path);
  try {
    for (const statement of statements) {
      const result = db.executeSQL(statement);
      if (![DbResult.BE_SQLITE_OK, DbResult.BE_SQLITE_ROW, DbResult.BE_SQLITE_DONE].includes(result))
        throw new Error(`${DbResult[result]}: ${statement}`);
    }
  } finally {
    db.closeDb(false);
  }
}

/** Opens a SQLite file for writing. */
export function open(path: string): SQLiteDb {
  const db = new SQLiteDb();
  if (existsSync(path)) db.openDb(path, { ...raw, openMode: OpenMode.ReadWrite });
  else db.createDb(path, undefined, raw);
  return db;
}
