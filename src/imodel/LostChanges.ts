import { SqliteChangesetReader, type IModelDb, type SqliteStatement } from "@itwin/core-backend";
import { DbResult, Id64, type Id64String } from "@itwin/core-bentley";
import { LoopTurns } from "../LoopTurns.js";

/** Where a change is lost, this says nothing beyond the other columns. */
const timeStamp = "LastMod";

/** That a row is not as the changeset left it. */
interface LostChange {
  table: string;
  key: string;
  column?: string;
  expected?: unknown;
  /** Undefined where there is no such row. */
  found: unknown;
}

/**
 * Finds what a changeset says and an iModel does not hold, where the changeset was applied last. core-backend leaves out
 * changes that it cannot apply, without an error.
 */
export class LostChanges {
  private _first?: LostChange;
  private _count = 0;

  private constructor(
    private readonly _imodel: IModelDb,
    private readonly _reader: SqliteChangesetReader,
  ) {}

  /**
   * Compares an iModel with the changeset that was applied to it last.
   * @param changeset - the path of its file
   * @returns what was lost, in words, or undefined where nothing was
   */
  public static async describe(imodel: IModelDb, changeset: string): Promise<string | undefined> {
    const reader = SqliteChangesetReader.openFile({ fileName: changeset, db: imodel, disableSchemaCheck: true });
    try {
      const lost = new LostChanges(imodel, reader);
      const turns = new LoopTurns();
      while (reader.step()) {
        lost._compareRow();
        if (turns.areDue) await turns.take();
      }
      return lost._text;
    } finally {
      reader.close();
    }
  }

  private get _text(): string | undefined {
    if (this._first === undefined) return undefined;
    const { table, key, column, expected, found } = this._first;
    const where = `${table} ${key}`;
    const more = this._count > 1 ? `, and ${this._count - 1} more such differences` : "";
    if (column === undefined) return `${where} is ${found === undefined ? "missing" : "still there"}${more}`;
    return `${column} of ${where} is ${shown(found)}, but ${shown(expected)} was pushed${more}`;
  }

  private _compareRow(): void {
    const { tableName: table, op } = this._reader;
    const columns = this._reader.getColumnNames(table);
    const keys = this._reader.getPrimaryKeyColumnNames();
    const condition = keys.map((name) => `[${name}] IS ?`).join(" AND ");
    const sql = `SELECT ${columns.map((name) => `[${name}]`).join(",")} FROM [${table}] WHERE ${condition}`;
    this._imodel.withPreparedSqliteStatement(sql, (statement) => {
      const key = this._bindKey(statement, keys, columns);
      const isThere = statement.step() === DbResult.BE_SQLITE_ROW;
      if (isThere === (op === "Deleted")) this._take({ table, key, found: isThere ? key : undefined });
      else if (isThere) this._compareValues(statement, { table, key, columns });
    });
  }

  /** @returns the key, in words */
  private _bindKey(statement: SqliteStatement, keys: string[], columns: string[]): string {
    const stage = this._reader.op === "Inserted" ? "New" : "Old";
    const values = keys.map((name, index) => {
      const value = this._reader.getChangeValue(columns.indexOf(name), stage);
      if (value === Id64.invalid) statement.bindInteger(index + 1, 0);
      else if (isId(value)) statement.bindId(index + 1, value);
      else statement.bindValue(index + 1, value ?? undefined);
      return value;
    });
    return values.join("/");
  }

  private _compareValues(
    statement: SqliteStatement,
    { table, key, columns }: { table: string; key: string; columns: string[] },
  ): void {
    for (const [index, column] of columns.entries()) {
      const changed = this._reader.getChangeValue(index, "New");
      if (changed === undefined || column === timeStamp) continue;
      const stored: unknown = statement.getValue(index).value;
      const expected = comparable(changed);
      const isInteger = isId(changed) && stored && typeof stored !== "string"; // a text may look like an id too
      const found = isInteger ? statement.getValueId(index) : comparable(stored);
      if (found !== expected) this._take({ table, key, column, expected, found });
    }
  }

  private _take(lost: LostChange): void {
    this._first ??= lost;
    this._count++;
  }
}

/** The reader gives integers as the texts of ids. */
function isId(value: unknown): value is Id64String {
  return typeof value === "string" && Id64.isId64(value);
}

/** Blobs and 0 as texts, so that they can be compared. */
function comparable(value: unknown): unknown {
  if (value === 0) return Id64.invalid;
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : (value ?? null);
}

/** Geometry can have any length. */
function shown(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
