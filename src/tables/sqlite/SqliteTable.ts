import type { SQLiteDb, SqliteStatement } from "@itwin/core-backend";
import type { ColumnType } from "../cells/columnTypes.js";
import type { SourceErrors } from "../format/SourceErrors.js";
import type { CellContent } from "../cells/CellContent.js";
import type { Table, TableRow } from "../format/TableReader.js";
import { needsRowNumbers, rowNumberHint, unusedName, type RowNumberOptions } from "../rows/rowNumbers.js";
import { declaredType } from "./declaredType.js";
import { cellOf, explain, quote, type ColumnMeaning, type SqliteColumn } from "./sqliteValues.js";

// Columns that virtual tables hide are none of the user's.
const listColumns = "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden<>1 ORDER BY cid";

/** A list of rows takes less time than each row of its own. */
const rowsInList = 256;

/** A table or a view as SQLite lists it. */
export interface ListedTable {
  readonly name: string;
  /** Whether its rows have numbers that stay with them as others come and go. */
  readonly hasRowIds: boolean;
}

/** A table or a view of a SQLite file. */
export class SqliteTable implements Table {
  public readonly isText = false;
  public readonly hasDatesAsText = true;
  public readonly rowNoun = "row";
  public readonly name: string;
  public readonly hint?: string;
  /** The column that numbers the rows, where their numbers identify them. */
  public readonly idColumn?: string;
  private readonly _columns: SqliteColumn[];

  public constructor(
    private readonly _db: SQLiteDb,
    private readonly _listed: ListedTable,
    private readonly _errors: SourceErrors,
    options: RowNumberOptions = {},
  ) {
    this.name = _listed.name;
    this._columns = _db.withPreparedSqliteStatement(listColumns, (statement) => {
      statement.bindString(1, this.name);
      return [...statement] as SqliteColumn[];
    });
    const names = this._columns.map(({ name }) => name);
    if (options.idByRow !== undefined) this.hint = rowNumberHint(this.rowNoun);
    if (this.key.length === 0 && needsRowNumbers(options, names)) this.idColumn = unusedName("row", names);
  }

  /** The columns of the primary key, in its order. */
  public get key(): string[] {
    const columns = this._columns.filter(({ pk }) => pk > 0).sort((left, right) => left.pk - right.pk);
    return columns.map(({ name }) => name);
  }

  public get declaredTypes(): (ColumnType | undefined)[] {
    const types = this._columns.map(({ type }) => declaredType(type));
    return this.idColumn === undefined ? types : [undefined, ...types];
  }

  public *rows(): Generator<TableRow | TableRow[]> {
    const names = this._columns.map(({ name }) => name);
    yield { number: 0, cells: this.idColumn === undefined ? names : [this.idColumn, ...names] };
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

  /** The name under which SQLite gives the number of a row, unless the rows of the table have none of their own. */
  private get _rowId(): string | undefined {
    if (this.idColumn === undefined || !this._listed.hasRowIds) return undefined;
    const taken = this._columns.map(({ name }) => name.toLowerCase());
    return ["rowid", "_rowid_", "oid"].find((name) => !taken.includes(name));
  }

  private *_lists(statement: SqliteStatement, columns: readonly ColumnMeaning[]): Generator<TableRow[]> {
    let list: TableRow[] = [];
    const isCounted = this.idColumn !== undefined && this._rowId === undefined;
    for (let number = 1; statement.nextRow(); number++) {
      const cells = this._read(statement, columns, number);
      list.push({ number, cells: isCounted ? [number, ...cells] : cells });
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
    const meanings = this._columns.map((column) => ({
      name: column.name,
      isBoolean: booleans.includes(column) && !others.includes(column),
      hasTimes: /date|time/i.test(column.type),
    }));
    const { _rowId: name } = this;
    return name === undefined ? meanings : [{ name, isBoolean: false, hasTimes: false }, ...meanings];
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
