import type { SQLiteDb, SqliteStatement } from "@itwin/core-backend";
import type { SourceErrors } from "../format/SourceErrors.js";
import type { CellContent } from "../cells/CellContent.js";
import type { Table, TableRow } from "../format/TableReader.js";
import { cellOf, columnSql, explain, quote, type SqliteColumn } from "./sqliteValues.js";

// Columns that virtual tables hide are none of the user's.
const listColumns = "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden<>1 ORDER BY cid";

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

  public *rows(): Generator<TableRow> {
    yield { number: 0, cells: this._columns.map(({ name }) => name) };
    const columns = this._columns.map(columnSql).join(", ");
    let statement: SqliteStatement | undefined;
    try {
      statement = this._db.prepareSqliteStatement(`SELECT ${columns} FROM main.${quote(this.name)}`);
      for (let number = 1; statement.nextRow(); number++) yield { number, cells: this._read(statement, number) };
    } catch (error) {
      throw explain(error, this._errors, this.locate(0));
    } finally {
      statement?.[Symbol.dispose]();
    }
  }

  public locate(record: number, cell?: string) {
    return { table: this.name, ...(record > 0 && { record }), ...(cell !== undefined && { cell }) };
  }

  private _read(statement: SqliteStatement, number: number): CellContent[] {
    return this._columns.map((column, index) => {
      const cell = cellOf(statement.getValue(index), column);
      if (cell !== undefined) return cell;
      throw this._errors.make("encoding", "The text is not UTF-8.", {
        source: this.locate(number, column.name),
        advice: "Correct the text, or the program that has written its bytes.",
      });
    });
  }
}
