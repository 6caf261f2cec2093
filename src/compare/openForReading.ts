import { copyFileSync, existsSync, mkdtempSync, openSync, readSync, closeSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { SnapshotDb, SQLiteDb, type IModelDb } from "@itwin/core-backend";
import { DbResult, Guid, OpenMode } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../ConnectorError.js";

/** An iModel that was opened, and how to close it. */
export interface OpenedIModel {
  readonly imodel: IModelDb;
  readonly close: () => void;
}

const sidecars = ["-wal", "-journal"];

/**
 * Opens an iModel of any kind for reading. The file, and the folder that it is in, stay as they are.
 * @throws ConnectorError `usage/...`
 */
export function openForReading(path: string): OpenedIModel {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new ConnectorError("usage/missing-imodel", `There is no iModel at ${file}.`, { advice: "Check the path." });
  try {
    return needsRecovery(file) ? openCopy(file) : open(file);
  } catch (error) {
    throw new ConnectorError("usage/not-an-imodel", `${file} cannot be read as an iModel: ${messageOf(error)}`, {
      cause: error,
      advice: "Give an iModel (.bim) that this version of the platform can open and that you may read.",
    });
  }
}

function open(file: string): OpenedIModel {
  const imodel = SnapshotDb.openFile(file, { key: Guid.createValue() });
  return { imodel, close: () => imodel.close() };
}

/** SQLite would write beside such a file, or into it, even to read it. */
function needsRecovery(file: string): boolean {
  return isInWalMode(file) || sidecars.some((suffix) => existsSync(file + suffix));
}

/** Bytes 18 and 19 of an SQLite file are 2 where it keeps a write-ahead log. */
function isInWalMode(file: string): boolean {
  const header = Buffer.alloc(20);
  const handle = openSync(file, "r");
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  return header[18] === 2 || header[19] === 2;
}

function openCopy(file: string): OpenedIModel {
  const folder = mkdtempSync(join(tmpdir(), "itwin-connector-framework-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(file));
    for (const suffix of ["", ...sidecars]) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    recover(copy);
    const { imodel, close } = open(copy);
    return {
      imodel,
      close: () => {
        close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Brings what is in the log of a file into it, or takes back what a program that died had begun. */
function recover(file: string): void {
  const db = new SQLiteDb();
  db.openDb(file, { openMode: OpenMode.ReadWrite, rawSQLite: true, defaultTxn: 0 });
  try {
    db.withSqliteStatement("PRAGMA journal_mode=DELETE", (statement) => {
      if (statement.step() !== DbResult.BE_SQLITE_ROW) throw new Error("its log cannot be read");
    });
  } finally {
    db.closeDb(false);
  }
}
