import { existsSync } from "node:fs";
import { SQLiteDb } from "@itwin/core-backend";
import { DbResult, OpenMode, type GuidString } from "@itwin/core-bentley";
import { ConnectorError } from "../ConnectorError.js";
import { bankFormat, bankTables } from "./bankTables.js";
import { bankDiskFull } from "./bankFiles.js";
import { rawSQLite } from "../files/rawSQLite.js";

/** What can stand for a `?` of a statement. */
export type SqlValue = string | number | undefined;

/** So long does an operation wait for that of another process, in milliseconds; each takes a few. */
const busyTimeout = 60_000;

/** The statements of one operation on the state of a bank. */
export class BankStatements {
  public constructor(
    private readonly _db: SQLiteDb,
    private readonly _path: string,
  ) {}

  /** Ends them, and takes back what was not committed. */
  public close(): void {
    this._db.closeDb(false);
  }

  /** All rows of a query, as objects by column: the caller knows what is in them. */
  public rows<T extends object>(sql: string, ...values: SqlValue[]): T[] {
    return this._db.withPreparedSqliteStatement(sql, (statement) => {
      statement.bindValues(values);
      const rows: T[] = [];
      let status = statement.step();
      for (; status === DbResult.BE_SQLITE_ROW; status = statement.step()) rows.push(statement.getRow() as T);
      if (status !== DbResult.BE_SQLITE_DONE) throw failed(status, sql, this._path);
      return rows;
    });
  }

  /** The first row of a query. */
  // As with `rows`, only the caller can tell what a query gives.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  public row<T extends object>(sql: string, ...values: SqlValue[]): T | undefined {
    return this.rows<T>(sql, ...values)[0];
  }

  /** Carries out a statement without a result. */
  public run(sql: string, ...values: SqlValue[]): void {
    this.rows(sql, ...values);
  }
}

/**
 * The state of a bank: a SQLite database that is opened for each operation, and each operation is one transaction, so
 * that any number of processes can use it, and one that dies leaves nothing half done.
 */
export class BankState {
  public constructor(private readonly _path: string) {}

  /**
   * Makes the tables of a new bank.
   * @param iTwinId - the iTwin that its iModels belong to
   * @throws ConnectorError `bank/exists`
   */
  public create(iTwinId: GuidString): void {
    const db = new SQLiteDb();
    if (existsSync(this._path)) db.openDb(this._path, { openMode: OpenMode.ReadWrite, ...rawSQLite });
    else db.createDb(this._path, undefined, rawSQLite);
    use(new BankStatements(db, this._path), "IMMEDIATE", (statements) => {
      // A process that died here before left a file without tables.
      if (formatOf(statements) !== undefined) throw exists(this._path);
      for (const table of bankTables) statements.run(table);
      statements.run("INSERT INTO bank VALUES(?, ?)", bankFormat, iTwinId);
    });
  }

  /** Carries out an operation that changes nothing. */
  public read<T>(operation: (statements: BankStatements) => T): T {
    return use(this._open(OpenMode.Readonly), "DEFERRED", operation);
  }

  /** Carries out an operation: all of it, or, where it throws, nothing. */
  public write<T>(operation: (statements: BankStatements) => T): T {
    return use(this._open(OpenMode.ReadWrite), "IMMEDIATE", operation);
  }

  private _open(openMode: OpenMode): BankStatements {
    const db = new SQLiteDb();
    const statements = new BankStatements(db, this._path);
    try {
      db.openDb(this._path, { openMode, ...rawSQLite });
      refuseOtherFormats(statements, this._path);
      return statements;
    } catch (error) {
      if (db.isOpen) db.closeDb(false);
      throw ConnectorError.from(
        error,
        "open",
        existsSync(this._path) ? "bank/unreadable" : "bank/missing",
        "Check the path of the bank; connector-runner bank create makes a new one.",
      );
    }
  }
}

function use<T>(
  statements: BankStatements,
  kind: "IMMEDIATE" | "DEFERRED",
  operation: (statements: BankStatements) => T,
): T {
  try {
    statements.run(`PRAGMA busy_timeout=${busyTimeout}`);
    statements.run(`BEGIN ${kind}`);
    const result = operation(statements);
    statements.run("COMMIT");
    return result;
  } finally {
    statements.close();
  }
}

function formatOf(statements: BankStatements): number | undefined {
  const hasFormat = statements.row("SELECT name FROM sqlite_master WHERE type='table' AND name='bank'") !== undefined;
  return hasFormat ? statements.row<{ format: number }>("SELECT format FROM bank")?.format : undefined;
}

function refuseOtherFormats(statements: BankStatements, path: string): void {
  const format = formatOf(statements);
  if (format === bankFormat) return;
  if (format !== undefined && format > bankFormat)
    throw new ConnectorError("bank/newer-format", `${path} has format ${format}; this version knows ${bankFormat}.`, {
      advice: "Update itwin-connector-framework.",
    });
  throw new ConnectorError("bank/not-a-bank", `${path} is not the state of a bank.`, {
    advice: "Check the path of the bank; connector-runner bank create makes a new one.",
  });
}

function exists(path: string): ConnectorError {
  return new ConnectorError("bank/exists", `There is a bank already: ${path}.`, {
    advice: "Use it, or choose another folder.",
  });
}

function failed(status: DbResult, sql: string, path: string): ConnectorError {
  if (status === DbResult.BE_SQLITE_FULL) return bankDiskFull(path);
  if (status === DbResult.BE_SQLITE_BUSY)
    return new ConnectorError("bank/busy", "The bank is busy: another program holds its state.", {
      recovery: "retriable",
      advice: "Try again; close programs that have bank.db open.",
    });
  if (status === DbResult.BE_SQLITE_READONLY || status === DbResult.BE_SQLITE_CANTOPEN)
    return new ConnectorError("bank/not-writable", "The bank cannot be written.", {
      advice: "Ask for the right to write to the folder of the bank and all files in it.",
    });
  return new ConnectorError("bank/failed", `The state of the bank refuses "${sql}": ${DbResult[status]}.`, {
    advice: "Check the disk, and the bank with connector-runner bank verify.",
  });
}
