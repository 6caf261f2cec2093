import { SQLiteDb } from "@itwin/core-backend";
import { DbResult, OpenMode } from "@itwin/core-bentley";
import { IModelError } from "@itwin/core-common";
import { rawSQLite } from "../files/rawSQLite.js";

/** What SQLite keeps beside a database that a program has written, and that is not in it yet or is to be taken back. */
export const logSuffixes = ["-wal", "-journal"];

/**
 * Brings what is in the write-ahead log of a database into its file, and takes back what a program that died had begun.
 * @returns false when another program is writing the file
 */
export function recoverDatabase(path: string): boolean {
  const db = new SQLiteDb();
  db.openDb(path, { openMode: OpenMode.ReadWrite, ...rawSQLite });
  try {
    // To begin to write makes SQLite look for a journal, and tells whether somebody else writes.
    return ["BEGIN IMMEDIATE", "ROLLBACK"].every((sql) => succeeds(db, sql, path)) && checkpoint(db);
  } finally {
    db.closeDb(false);
  }
}

function succeeds(db: SQLiteDb, sql: string, path: string): boolean {
  const result = db.withSqliteStatement(sql, (statement) => statement.step());
  if (result === DbResult.BE_SQLITE_DONE || result === DbResult.BE_SQLITE_BUSY)
    return result === DbResult.BE_SQLITE_DONE;
  throw new IModelError(result, `What a program has left in the log of ${path} cannot be read: ${DbResult[result]}`);
}

/** Does nothing where there is no write-ahead log. */
function checkpoint(db: SQLiteDb): boolean {
  return db.withSqliteStatement("PRAGMA wal_checkpoint(TRUNCATE)", (statement) => {
    return statement.step() === DbResult.BE_SQLITE_ROW && statement.getValueInteger(0) === 0;
  });
}
