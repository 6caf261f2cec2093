import { randomUUID } from "node:crypto";
import { closeSync, existsSync, openSync, rmSync, truncateSync } from "node:fs";
import { hostname } from "node:os";
import { SQLiteDb } from "@itwin/core-backend";
import { DbResult, OpenMode } from "@itwin/core-bentley";
import { IModelError } from "@itwin/core-common";
import { ConnectorError } from "../ConnectorError.js";
import { rawSQLite } from "./rawSQLite.js";
import { thisUser } from "./thisUser.js";
import { undoAtExit } from "./undoAtExit.js";

/** Who holds an iModel. */
interface LockOwner {
  /** Tells one lock from all others. */
  token: string;
  pid: number;
  host: string;
  user: string;
  /** ISO 8601. */
  since: string;
}

const attempts = 20;

/** Without a journal file: a run that still has a removed lock file open would share it with the one that made it anew. */
const settings = ["busy_timeout=0", "journal_mode=MEMORY"];

/**
 * Keeps two runs from working on one iModel at the same time.
 *
 * The lock is an open write transaction on a small SQLite database beside the iModel, `<iModel>.lock`. SQLite's own
 * file lock goes with the process that holds it, so that nothing has to be guessed about dead ones; and what the
 * holder has committed before, namely who it is, can be read by others meanwhile.
 *
 * Never open the lock file by other means than SQLite in a process that may hold it: on POSIX systems closing any
 * handle of a file drops all locks that the process has on it.
 */
export class RunLock {
  private readonly _forget: () => void;

  private constructor(
    private readonly _path: string,
    private readonly _db: SQLiteDb,
    tidy: () => void,
  ) {
    this._forget = undoAtExit(() => {
      tidy();
      this.release();
    });
  }

  /**
   * Takes the lock of an iModel.
   * @param tidy - removes what a run has left behind: one that died, before anything is written, or this one, if the process
   * ends without giving the lock back; called when nobody else can be at work
   * @throws ConnectorError `imodel/in-use`, with who holds it and since when
   */
  public static acquire(imodelPath: string, tidy: () => void = () => {}): RunLock {
    const path = `${imodelPath}.lock`;
    const owner = describeThisProcess();
    for (let attempt = 0; attempt < attempts; attempt++) {
      const db = takeOrMend(path, owner, tidy);
      if (db !== undefined) return new RunLock(path, db, tidy);
      const holder = readOwner(path);
      // No holder, or ourselves: the file was removed, taken or mended between two steps; the next attempt will tell.
      if (holder !== undefined && holder.token !== owner.token && isHeld(path)) throw inUse(imodelPath, holder);
    }
    throw inUse(imodelPath, undefined);
  }

  /** Gives the lock back and removes its file, while it is still held, so that nobody's new lock is removed. */
  public release(): void {
    this._forget();
    if (process.platform !== "win32") rmSync(this._path, { force: true });
    this._db.closeDb(false);
    if (process.platform === "win32" && existsSync(this._path)) tryRemove(this._path);
  }
}

function describeThisProcess(): LockOwner {
  return {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    user: thisUser(),
    since: new Date().toISOString(),
  };
}

/** Opens the lock file, and makes it where there is none; once more where its holder removed it in between. */
function openLockFile(path: string, attemptsLeft = 3): SQLiteDb {
  // Only a file that is new is made by other means than SQLite: nobody in this process can hold a lock on it.
  if (!existsSync(path)) closeSync(openSync(path, "a"));
  const db = new SQLiteDb();
  try {
    db.openDb(path, { openMode: OpenMode.ReadWrite, ...rawSQLite });
    return db;
  } catch (error) {
    if (attemptsLeft > 0) return openLockFile(path, attemptsLeft - 1);
    throw error;
  }
}

/**
 * Takes the lock, or mends its file, which a power cut may have left in pieces. Undefined when another run has the lock or
 * came in between, and when the file was mended.
 *
 * The file is emptied, not removed: it stays the same file, so that two runs that find it damaged lock each other out, and
 * the lock of the one that was quicker outlives the emptying by the other. That one then only has no name.
 */
function takeOrMend(path: string, owner: LockOwner, tidy: () => void): SQLiteDb | undefined {
  try {
    return take(path, owner, tidy);
  } catch (error) {
    if (!isDamage(error) && !isBusy(error)) throw error;
    if (isDamage(error) && existsSync(path)) truncateSync(path);
    return undefined;
  }
}

function take(path: string, owner: LockOwner, tidy: () => void): SQLiteDb | undefined {
  const db = openLockFile(path);
  let isTaken = false;
  try {
    begin(db);
    tidy();
    publish(db, owner);
    isTaken = readOwner(path)?.token === owner.token;
    return isTaken ? db : undefined;
  } finally {
    if (!isTaken) db.closeDb(false);
  }
}

/** Starts a write transaction, at once or not at all. */
function begin(db: SQLiteDb): void {
  for (const setting of settings) execute(db, `PRAGMA ${setting}`);
  execute(db, "BEGIN IMMEDIATE");
}

/** Commits who holds the lock, and takes it again at once; another run may come in between. */
function publish(db: SQLiteDb, owner: LockOwner): void {
  execute(db, "CREATE TABLE IF NOT EXISTS owner(json TEXT)");
  execute(db, "DELETE FROM owner");
  execute(db, "INSERT INTO owner VALUES(?)", JSON.stringify(owner));
  execute(db, "COMMIT");
  execute(db, "BEGIN IMMEDIATE");
}

function execute(db: SQLiteDb, sql: string, ...values: string[]): void {
  const result = db.withSqliteStatement(sql, (statement) => {
    statement.bindValues(values);
    return statement.step();
  });
  if (result !== DbResult.BE_SQLITE_DONE && result !== DbResult.BE_SQLITE_ROW)
    throw new IModelError(result, `The lock file cannot be written: ${DbResult[result]}`);
}

/** Whether another run is in the way, which holds the lock or reads who does. */
function isBusy(error: unknown): boolean {
  return (error as { errorNumber?: number }).errorNumber === DbResult.BE_SQLITE_BUSY;
}

/** Whether SQLite cannot make sense of the lock file. */
function isDamage(error: unknown): boolean {
  const { errorNumber } = error as { errorNumber?: number };
  return errorNumber === DbResult.BE_SQLITE_NOTADB || errorNumber === DbResult.BE_SQLITE_CORRUPT;
}

function readOwner(path: string): LockOwner | undefined {
  if (!existsSync(path)) return undefined;
  const db = new SQLiteDb();
  try {
    db.openDb(path, { openMode: OpenMode.Readonly, ...rawSQLite });
    return db.withSqliteStatement("SELECT json FROM owner", (statement) =>
      statement.step() === DbResult.BE_SQLITE_ROW ? (JSON.parse(statement.getValueString(0)) as LockOwner) : undefined,
    );
  } catch {
    return undefined; // the file went, or its holder has not committed its name yet
  } finally {
    if (db.isOpen) db.closeDb(false);
  }
}

function isHeld(path: string): boolean {
  if (!existsSync(path)) return false;
  const db = openLockFile(path);
  try {
    begin(db);
    return false;
  } catch (error) {
    return isBusy(error);
  } finally {
    db.closeDb(false);
  }
}

function inUse(imodelPath: string, owner: LockOwner | undefined): ConnectorError {
  const who =
    owner === undefined
      ? "another run"
      : `another run: process ${owner.pid} of ${owner.user} on ${owner.host}, since ${owner.since}`;
  return new ConnectorError("imodel/in-use", `${imodelPath} is in use by ${who}.`, {
    phase: "open",
    recovery: "retriable",
    advice: "Wait until that run has ended, and start again.",
  });
}

function tryRemove(path: string): void {
  try {
    rmSync(path);
  } catch {
    // Windows does not remove a file that another run has opened by now; it is that run's lock then.
  }
}
