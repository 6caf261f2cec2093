import type { SourceLocation } from "itwin-connector-framework";
import { isUnitsRow, needsRowNumbers, unusedName } from "itwin-connector-framework/internal";
import type { CellContent, SourceErrors, Table, TableRow } from "itwin-connector-framework/tables";
import { addressOf, lettersOf } from "./addresses.js";
import { CellReader } from "./cellContent.js";
import { classNameFor } from "./classNames.js";
import { HeaderReader, isFilled, textOf, type SheetColumn, type SheetHeader } from "./sheetHeader.js";
import type { SelectedSheet } from "./sheetSelection.js";
import type { Cell } from "./workbook.js";
import type { XlsxOptions } from "./xlsxOptions.js";

/** A list of rows takes less time than each row of its own. */
const rowsInList = 256;

/** The table in a sheet. */
export class SheetTable implements Table {
  public readonly isText = false;
  public readonly hasDatesAsText = true;
  public readonly rowNoun = "row";
  /** The addresses of cells that hold an error instead of a value. */
  public readonly errorCells: string[] = [];
  /** What the column is called that numbers the rows, where their numbers identify them. */
  private readonly _numberColumn?: string;
  private readonly _header: SheetHeader;
  /** The row of the units, counted from 1; 0 where there is none. */
  private readonly _unitsRow: number;
  public readonly readAs?: string;

  public constructor(
    public readonly sheet: SelectedSheet,
    private readonly _options: XlsxOptions,
    private readonly _errors: SourceErrors,
  ) {
    const { header: row } = sheet.options;
    const reader = new HeaderReader(this._rowsOfTable(), sheet.merges);
    this._header = row === 0 ? reader.without() : row === undefined ? reader.find() : reader.at(row - 1);
    this._checkNames();
    this._unitsRow = sheet.options.unitsRow ?? this._findUnitsRow();
    if (sheet.options.unitsRow === undefined && this._unitsRow > 0) this.readAs = `units in row ${this._unitsRow}`;
    if (this._isNumbered()) this._numberColumn = unusedName("row", this._names);
    this._findErrorCells();
  }

  public get name(): string {
    return this.sheet.name;
  }

  public get className(): string {
    return classNameFor(this.sheet);
  }

  public get idColumn(): string | undefined {
    return this._numberColumn ?? this.sheet.options.idColumn;
  }

  public get hint(): string {
    return `Is ${this._header.row < 0 ? "no row" : `row ${this._header.row + 1}`} the header? The option "header" says which one is, and "idByRow" lets the numbers of rows identify them.`;
  }

  /** Letters as names of columns say nothing. */
  public get hasInventedNames(): boolean {
    return this._header.row < 0;
  }

  public get units(): (string | undefined)[] | undefined {
    if (this._unitsRow === 0) return undefined;
    const cells = this._rowsOfTable()[this._unitsRow - 1];
    return this._numbered(
      this._header.columns.map(({ index }) => textOf(cells?.[index]) || undefined),
      undefined,
    );
  }

  public *rows(): Generator<TableRow | TableRow[]> {
    const { row, firstRow, columns } = this._header;
    yield {
      number: row + 1,
      cells: this._numbered(this._names, this._numberColumn),
    };
    const reader = new CellReader({ ...this.sheet, name: this.sheet.sheetName }, this._errors);
    const rows = this._rowsOfTable();
    let list: TableRow[] = [];
    for (let number = firstRow; number < rows.length; number++) {
      const cells = rows[number];
      if (number === this._unitsRow - 1 || !cells?.some(isFilled)) continue;
      const contents = columns.map(({ index }) => reader.read(cells[index], number, index));
      list.push({ number: number + 1, cells: this._numbered(contents, number + 1) });
      if (list.length < rowsInList) continue;
      yield list;
      list = [];
    }
    if (list.length > 0) yield list;
  }

  public locate(row: number, column?: string): SourceLocation {
    const { columns } = this._header;
    const found = columns.find(({ name }) => name === column) ?? columns[0];
    return { sheet: this.sheet.sheetName, cell: addressOf(Math.max(row, 1) - 1, found?.index ?? 0) };
  }

  /** The addresses of cells with a value above a header that was found, and not named by an option. */
  public get cellsAboveHeader(): string[] {
    return this.sheet.options.header === undefined ? this._cellsBefore(this._header.row) : [];
  }

  /** The cells of the table that have something, with their addresses. */
  public *cells(): Generator<[address: string, cell: Cell]> {
    for (const [row, cells] of this._rowsOfTable().entries())
      for (const [column, cell] of cells?.entries() ?? []) if (cell !== undefined) yield [addressOf(row, column), cell];
  }

  private _cellsBefore(headerRow: number): string[] {
    const rows = this._rowsOfTable().slice(0, Math.max(0, headerRow));
    return rows.flatMap((cells, row) =>
      (cells ?? []).flatMap((cell, column) => (isFilled(cell) ? [addressOf(row, column)] : [])),
    );
  }

  private _numbered<T extends CellContent>(cells: T[], number: T | undefined): (T | undefined)[] {
    return this._numberColumn === undefined ? cells : [number, ...cells];
  }

  private _rowsOfTable(): SelectedSheet["rows"] {
    const { rows, options } = this.sheet;
    return options.lastRow === undefined ? rows : rows.slice(0, options.lastRow);
  }

  /** The row below a header, where it is certainly one of units; 0 where not. */
  private _findUnitsRow(): number {
    const { row, firstRow, columns } = this._header;
    const rows = this._rowsOfTable();
    const first = rows.findIndex((cells, number) => number >= firstRow && cells?.some(isFilled) === true);
    if (row < 0 || first < 0) return 0;
    const isOfNumbers = (column: number) => {
      const index = columns[column]?.index ?? -1;
      const filled = rows.slice(first + 1).flatMap((cells) => (isFilled(cells?.[index]) ? [cells?.[index]] : []));
      return filled.length > 0 && filled.every((cell) => typeof cell?.v === "number");
    };
    const texts = columns.map(({ index }) => textOf(rows[first]?.[index]));
    return isUnitsRow(texts, columns.length, isOfNumbers) ? first + 1 : 0;
  }

  private _isNumbered(): boolean {
    const { idByRow, idColumn = this._options.idColumn } = this.sheet.options;
    return needsRowNumbers({ idByRow, idColumn }, this.hasInventedNames ? [] : this._names);
  }

  private get _names(): string[] {
    return this._header.columns.map(({ name }) => name);
  }

  private _checkNames(): void {
    const seen = new Map<string, SheetColumn>();
    for (const column of this._header.columns) {
      if (column.name === "") throw this._unnamed(column);
      const earlier = seen.get(column.name);
      if (earlier !== undefined) throw this._repeated(earlier, column);
      seen.set(column.name, column);
    }
  }

  private _unnamed({ index }: SheetColumn): Error {
    const { row, firstRow } = this._header;
    const filled = this._rowsOfTable().findIndex((cells, number) => number >= firstRow && isFilled(cells?.[index]));
    return this._errors.make(
      "unnamed-column",
      `Column ${lettersOf(index)} has values, as in ${addressOf(filled, index)}, but no name in row ${row + 1}.`,
      {
        source: { sheet: this.sheet.sheetName, cell: addressOf(row, index) },
        advice: 'Name the column; or say which row is the header with the option "header", where 0 is for none.',
      },
    );
  }

  private _repeated(earlier: SheetColumn, { index, name }: SheetColumn): Error {
    const columns = `${lettersOf(earlier.index)} and ${lettersOf(index)}`;
    const short = name.length > 40 ? `${name.slice(0, 40)}…` : name;
    return this._errors.make("duplicate-column", `The columns ${columns} are both named "${short}".`, {
      source: { sheet: this.sheet.sheetName, cell: addressOf(this._header.row, index) },
      advice: 'Give each column a name of its own; or say which row is the header with the option "header".',
    });
  }

  private _findErrorCells(): void {
    this._rowsOfTable().forEach((cells, row) =>
      cells?.forEach((cell, column) => {
        if (row >= this._header.firstRow && cell?.t === "e" && cell.v !== undefined)
          this.errorCells.push(addressOf(row, column));
      }),
    );
  }
}
