import type { SQLiteDb, SqliteStatement } from "@itwin/core-backend";
import type { ColumnType } from "../cells/columnTypes.js";
import type { SourceErrors } from "../format/SourceErrors.js";
import type { CellContent } from "../cells/CellContent.js";
import type { Table, TableRow } from "../format/TableReader.js";
import { declaredType } from "./declaredType.js";
import { cellOf, explain, quote, type ColumnMeaning, type SqliteColumn } from "./sqliteValues.js";

// Columns that virtual tables hide are none of the user's.
const listColumns = "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden<>1 ORDER BY cid";

/** A list of rows takes less time than each row of its own. */
const rowsInList = 256;

/** A table or a view of a SQLite file. */
export class SqliteTable implements Table {
  public readonly isText = false;
  public readonly hasDatesAsText = true;
  public readonly rowNoun = "row";
  private readonly _columns: SqliteColumn[];

  public constructor(
    private readonly _db: SQLiteDb,
    public readonly name: string,
    private readonly _errors: SourceErrors,
  ) {
    this._columns = _db.withPreparedSqliteStatement(listColumns, (statement) => {
      statement.bindString(1, name);
      return [...statement] as SqliteColumn[];
    });
  }

  /** The columns of the primary key, in its order. */
  public get key(): string[] {
    const columns = this._columns.filter(({ pk }) => pk > 0).sort((left, right) => left.pk - right.pk);
    return columns.map(({ name }) => name);
  }

  public get declaredTypes(): (ColumnType | undefined)[] {
    return this._columns.map(({ type }) => declaredType(type));
  }

  public *rows(): Generator<TableRow | TableRow[]> {
    yield { number: 0, cells: this._columns.map(({ name }) => name) };
    let statement: SqliteStatement | undefined;
    try {
      const columns = this._meanings();
      const names = columns.map(({ name }) => quote(name)).join(", ");
      statement = this._db.prepareSqliteStatement(`SELECT ${names} FROM main.${quote(this.name)}`);
      yield* this._lists(statement, columns);
    } catch (error) {
      throw explain(error, this._errors, this.locate(0));
    } finally {
      statement?.[Symbol.dispose]();
    }
  }

  public locate(record: number, cell?: string) {
    return { table: this.name, ...(record > 0 && { record }), ...(cell !== undefined && { cell }) };
  }

  private *_lists(statement: SqliteStatement, columns: readonly ColumnMeaning[]): Generator<TableRow[]> {
    let list: TableRow[] = [];
    for (let number = 1; statement.nextRow(); number++) {
      list.push({ number, cells: this._read(statement, columns, number) });
      if (list.length < rowsInList) continue;
      yield list;
      list = [];
    }
    if (list.length > 0) yield list;
  }

  /** What the values of each column mean. One that is declared as boolean is none where it holds anything but 0 and 1. */
  private _meanings(): ColumnMeaning[] {
    const booleans = this._columns.filter(({ type }) => declaredType(type) === "boolean");
    const others = booleans.length === 0 ? [] : this._withOtherValues(booleans);
    return this._columns.map((column) => ({
      name: column.name,
      isBoolean: booleans.includes(column) && !others.includes(column),
      hasTimes: /date|time/i.test(column.type),
    }));
  }

  /** Those of some columns that hold anything but 0, 1 and null. */
  private _withOtherValues(columns: readonly SqliteColumn[]): SqliteColumn[] {
    const counts = columns.map(({ name }) => `count(*) FILTER (WHERE ${quote(name)} NOT IN (0, 1))`).join(", ");
    return this._db.withSqliteStatement(`SELECT ${counts} FROM main.${quote(this.name)}`, (statement) => {
      statement.nextRow();
      return columns.filter((_, index) => statement.getValueInteger(index) > 0);
    });
  }

  private _read(statement: SqliteStatement, columns: readonly ColumnMeaning[], number: number): CellContent[] {
    return columns.map((column, index) => {
      const cell = cellOf(statement, index, column);
      if (cell !== undefined) return cell;
      throw this._errors.make("encoding", "The text is not UTF-8.", {
        source: this.locate(number, column.name),
        advice: "Correct the text, or the program that has written its bytes.",
      });
    });
  }
}
