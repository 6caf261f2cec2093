import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { SQLiteDb } from "@itwin/core-backend";
import { DbResult, OpenMode } from "@itwin/core-bentley";
import { ConnectorError } from "../ConnectorError.js";

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
const rawSQLite = { rawSQLite: true, skipFileCheck: true, defaultTxn: 0 } as const;

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
  private constructor(
    private readonly _path: string,
    private readonly _db: SQLiteDb,
  ) {}

  /**
   * Takes the lock of an iModel.
   * @param tidy - removes what a run that died has left behind; called when nobody else can be at work, and before
   * anything is written
   * @throws ConnectorError `imodel/in-use`, with who holds it and since when
   */
  public static acquire(imodelPath: string, tidy: () => void = () => {}): RunLock {
    const path = `${imodelPath}.lock`;
    const owner = describeThisProcess();
    for (let attempt = 0; attempt < attempts; attempt++) {
      const db = openLockFile(path);
      if (take(db, owner, tidy) && readOwner(path)?.token === owner.token) return new RunLock(path, db);
      db.closeDb(false);
      const holder = readOwner(path);
      // No holder, or ourselves: the file was removed or taken between two of our steps; the next attempt will tell.
      if (holder !== undefined && holder.token !== owner.token && isHeld(path)) throw inUse(imodelPath, holder);
    }
    throw inUse(imodelPath, undefined);
  }

  /** Gives the lock back and removes its file, while it is still held, so that nobody's new lock is removed. */
  public release(): void {
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
    user: userInfo().username,
    since: new Date().toISOString(),
  };
}

function openLockFile(path: string): SQLiteDb {
  const db = new SQLiteDb();
  if (!existsSync(path)) {
    try {
      db.createDb(path, undefined, rawSQLite);
    } catch (error) {
      if (!existsSync(path)) throw error; // else another run was quicker
    }
  }
  if (!db.isOpen) db.openDb(path, { openMode: OpenMode.ReadWrite, ...rawSQLite });
  db.withSqliteStatement("PRAGMA busy_timeout=0", (statement) => statement.step());
  return db;
}

function take(db: SQLiteDb, owner: LockOwner, tidy: () => void): boolean {
  if (!begin(db)) return false;
  tidy();
  return publish(db, owner);
}

/** Starts a write transaction. False when another process has one. */
function begin(db: SQLiteDb): boolean {
  return db.withSqliteStatement("BEGIN IMMEDIATE", (statement) => statement.step()) === DbResult.BE_SQLITE_DONE;
}

/** Commits who holds the lock, and takes it again at once. False when another run came in between. */
function publish(db: SQLiteDb, owner: LockOwner): boolean {
  db.executeSQL("CREATE TABLE IF NOT EXISTS owner(json TEXT)");
  db.executeSQL("DELETE FROM owner");
  db.withSqliteStatement("INSERT INTO owner VALUES(?)", (statement) => {
    statement.bindString(1, JSON.stringify(owner));
    statement.step();
  });
  db.executeSQL("COMMIT");
  return begin(db);
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
  const isFree = begin(db);
  db.closeDb(false);
  return !isFree;
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
