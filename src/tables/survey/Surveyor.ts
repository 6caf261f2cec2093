import { counted } from "../../counted.js";
import type { CellReader } from "../cells/CellReader.js";
import type { ColumnType } from "../cells/columnTypes.js";
import { idOf } from "../rows/rowIds.js";
import { shorten, type SourceErrors } from "../format/SourceErrors.js";
import type { Table, TableRow } from "../format/TableReader.js";
import { ColumnSurvey, type ColumnFinding } from "./ColumnSurvey.js";
import { PositionSurvey } from "./PositionSurvey.js";
import type { DecimalState } from "./DecimalForms.js";
import type { TableHeader } from "./tableHeader.js";

/** What is surveyed, and how its cells are read. */
export interface SurveyContext {
  readonly table: Table;
  readonly errors: SourceErrors;
  readonly cells: CellReader;
}

/**
 * Looks at each row of a table: refuses what cannot be synchronized, and finds out what the columns hold. All that it
 * remembers of a row is its identifier.
 */
export class Surveyor {
  /** Where the rows are; undefined for a table without columns of coordinates. */
  public readonly positions?: PositionSurvey;
  private readonly _rowOfId = new Map<string, number>();
  private readonly _columns: readonly ColumnSurvey[];
  private _knownRows = 0;
  /** The columns without a value in the known rows so far. */
  private _unfilled: number[];

  /** @param decimals - what the decimals of the columns have in rows that are known */
  public constructor(
    public readonly header: TableHeader,
    private readonly _context: SurveyContext,
    decimals: readonly DecimalState[] = [],
  ) {
    const { table, cells } = _context;
    const { isText, declaredTypes } = table;
    this._columns = header.names.map(
      (_, index) => new ColumnSurvey(cells, isText, declaredTypes?.[index], decimals[index]),
    );
    this._unfilled = [...header.names.keys()];
    if (header.coordinates !== undefined) this.positions = new PositionSurvey(header.coordinates, _context);
  }

  /** How many rows there are. */
  public get rowCount(): number {
    return this._rowOfId.size + this._knownRows;
  }

  /** Whether rows were added as known. */
  public get hasKnownRows(): boolean {
    return this._knownRows > 0;
  }

  /** What the columns hold, as far as the rows were added. */
  public get findings(): ColumnFinding[] {
    return this._columns.map(({ finding }) => finding);
  }

  /** The types of the cells so far. */
  public get typesSoFar(): (ColumnType | undefined)[] {
    return this._columns.map(({ typeSoFar }) => typeSoFar);
  }

  /** @throws ConnectorError for a row that cannot be synchronized */
  public add(row: TableRow): void {
    this._checkLength(row);
    this._checkId(row);
    this.positions?.add(row);
    const { cells } = this._context;
    for (const [index, column] of this._columns.entries()) {
      const content = row.cells[index];
      if (!cells.isEmpty(content)) column.add(content);
    }
  }

  /**
   * Adds a row that an earlier run has looked at: only its position is looked at again, which counts together with all others.
   */
  public addKnown(row: TableRow): void {
    this._knownRows++;
    this.positions?.add(row);
    if (this._unfilled.length === 0) return;
    const { cells } = this._context;
    this._unfilled = this._unfilled.filter((index) => cells.isEmpty(row.cells[index]));
  }

  /** Whether a known row has a value in a column. */
  public isFilled(column: number): boolean {
    return this.hasKnownRows && !this._unfilled.includes(column);
  }

  private _checkLength({ cells, number, lastNumber = number }: TableRow): void {
    const expected = this.header.names.length;
    if (cells.length === expected) return;
    const { table, errors } = this._context;
    const hint =
      lastNumber > number ? `It goes on to ${table.rowNoun} ${lastNumber}: see whether a quote is missing. ` : "";
    throw errors.make("ragged-row", `The row has ${counted(cells.length, "cell")}, the header has ${expected}.`, {
      source: table.locate(number),
      advice: `${hint}Give each row one cell for each column, and put a cell with a delimiter in quotes.`,
    });
  }

  private _checkId(row: TableRow): void {
    const id = idOf(row, this.header.idColumns);
    if (id === "") throw this._withoutId(row);
    const earlier = this._rowOfId.get(id);
    if (earlier !== undefined) throw this._repeated(row, id, earlier);
    this._rowOfId.set(id, row.number);
  }

  private _withoutId({ number }: TableRow): Error {
    const { errors, table } = this._context;
    const ways = `the same in every version of the file, or leave the row out with the option "where".`;
    return errors.make("empty-id", "The row has no identifier.", {
      source: table.locate(number, this._idColumn),
      advice: `Give each row an identifier of its own, ${ways} ${table.hint ?? ""}`.trim(),
    });
  }

  private _repeated({ number }: TableRow, id: string, earlier: number): Error {
    const { errors, table } = this._context;
    const { rowNoun } = table;
    return errors.make(
      "duplicate-id",
      `The identifier "${shorten(id)}" of ${rowNoun} ${number} is that of ${rowNoun} ${earlier} too.`,
      {
        source: table.locate(number, this._idColumn),
        advice:
          `Give each row an identifier of its own, or name another column, or several, with the option "idColumn". ${table.hint ?? ""}`.trim(),
      },
    );
  }

  private get _idColumn(): string {
    const { names, idColumns } = this.header;
    return idColumns.map((column) => names[column]).join(", ");
  }
}
