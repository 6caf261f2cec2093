import { rmSync } from "node:fs";
import { SQLiteDb } from "@itwin/core-backend";
import { DbResult } from "@itwin/core-bentley";

/** Makes a SQLite file by SQL statements. The platform must have been started. */
export function makeDatabase(path, statements) {
  rmSync(path, { force: true });
  const db = new SQLiteDb();
  db.createDb(path, undefined, { rawSQLite: true, skipFileCheck: true, defaultTxn: 0 });
  try {
    for (const statement of statements) {
      const result = db.executeSQL(statement);
      if (result !== DbResult.BE_SQLITE_DONE) throw new Error(`${DbResult[result]}: ${statement}`);
    }
  } finally {
    db.closeDb(false);
  }
}
