import { lettersOf } from "./addresses.js";
import type { Cell, Sheet } from "./workbook.js";

/** A column of the table in a sheet. */
export interface SheetColumn {
  /** Its place in the sheet, counted from 0. */
  index: number;
  /** Empty where the header does not name it. */
  name: string;
}

/** The header of a sheet, or what stands for it where there is none. */
export interface SheetHeader {
  /** Its first row, counted from 0; -1 for a sheet without header. */
  row: number;
  /** The first row below it. */
  firstRow: number;
  /** All columns that it names, and those with a value below it. */
  columns: SheetColumn[];
}

/** A header is looked for in so many rows. */
const searchedRows = 50;

/** Between the names of a column in a header of several rows. */
const separator = " / ";

/** Finds and reads headers. */
export class HeaderReader {
  private readonly _covered = new Map<string, Cell | undefined>();
  /** For each row, the row to which a vertical merge that begins there reaches down. */
  private readonly _reaches = new Map<number, number>();
  private readonly _wideMerges: Sheet["merges"];
  /** For each column, the last row with a value. */
  private readonly _lastRows: number[] = [];

  public constructor(
    private readonly _rows: Sheet["rows"],
    merges: Sheet["merges"],
  ) {
    this._wideMerges = merges.filter(({ s, e }) => s.r < searchedRows && e.c > s.c);
    for (const merge of merges) if (merge.s.r < searchedRows) this._spread(merge);
    _rows.forEach((row, number) =>
      row?.forEach((cell, column) => {
        if (isFilled(cell)) this._lastRows[column] = number;
      }),
    );
  }

  /** Columns that are named as the sheet does: A, B, C. */
  public without(): SheetHeader {
    return { row: -1, firstRow: 0, columns: this._columns(() => "", 0).map(named) };
  }

  /**
   * The first row that can be a header: nothing but texts, each another one, over all columns that have a value below.
   * Where there is none, the first row with a value is taken, so that a message can say what is wrong with it.
   */
  public find(): SheetHeader {
    const filled = [...this._rows.keys()].filter((row) => this._rows[row]?.some(isFilled)).slice(0, searchedRows);
    for (const row of filled) {
      const header = this.at(row);
      if (this._isConvincing(header)) return header;
    }
    return this.at(filled[0] ?? 0);
  }

  /** The header that begins in a row. It goes on as far as its merged cells want. */
  public at(row: number): SheetHeader {
    const last = this._lastRowOf(row);
    const nameOf = (column: number) => {
      const names = range(row, last).map((each) => textOf(this._cell(each, column)));
      return names.filter((name, index) => name !== "" && name !== names[index - 1]).join(separator);
    };
    return { row, firstRow: last + 1, columns: this._columns(nameOf, last + 1) };
  }

  private _spread({ s, e }: Sheet["merges"][number]): void {
    const cell = this._rows[s.r]?.[s.c];
    // Only what can be part of a header: a merge may cover the whole sheet.
    const [lastRow, lastColumn] = [Math.min(e.r, searchedRows), Math.min(e.c, s.c + 16_384)];
    for (const row of range(s.r, lastRow))
      for (const column of range(s.c, lastColumn)) this._covered.set(`${row},${column}`, cell);
    if (isFilled(cell)) this._reaches.set(s.r, Math.max(this._reaches.get(s.r) ?? 0, lastRow));
  }

  private _cell(row: number, column: number): Cell | undefined {
    const key = `${row},${column}`;
    return this._covered.has(key) ? this._covered.get(key) : this._rows[row]?.[column];
  }

  /** A cell over several columns that have values below is a heading of those in the next row. */
  private _lastRowOf(row: number): number {
    const isHeading = this._wideMerges.some(
      ({ s, e }) => s.r === row && range(s.c, e.c).filter((column) => this._isUsed(column, e.r + 1)).length > 1,
    );
    const reach = Math.max(row, this._reaches.get(row) ?? 0);
    return isHeading && reach === row ? row + 1 : reach;
  }

  private _isUsed(column: number, from: number): boolean {
    return (this._lastRows[column] ?? -1) >= from;
  }

  private _columns(nameOf: (column: number) => string, firstRow: number): SheetColumn[] {
    const columns = Array.from(this._lastRows.keys(), (index) => ({ index, name: nameOf(index) }));
    return columns
      .filter(({ index, name }) => name !== "" || this._isUsed(index, firstRow))
      .filter(this._isOwn(firstRow));
  }

  /** The name of a merged cell goes to the columns below it with values; where there is none, to the first one. */
  private _isOwn(firstRow: number): (column: SheetColumn) => boolean {
    const seen = new Map<string, number>();
    return ({ index, name }) => {
      const isRepeated = name !== "" && seen.get(name) === index - 1;
      seen.set(name, index);
      return !isRepeated || this._isUsed(index, firstRow) || isFilled(this._rows[firstRow - 1]?.[index]);
    };
  }

  private _isConvincing({ row, firstRow, columns }: SheetHeader): boolean {
    if (!this._lastRows.some((last) => last >= firstRow)) return false;
    const names = columns.map(({ name }) => name);
    const areTexts = range(row, firstRow - 1).every((each) => this._rows[each]?.every(isTextOrEmpty) ?? true);
    return areTexts && !names.includes("") && new Set(names).size === names.length;
  }
}

/** Whether a cell has a value. */
export function isFilled(cell: Cell | undefined): boolean {
  return cell !== undefined && ((cell.v !== undefined && cell.v !== "") || cell.f !== undefined);
}

function named({ index }: SheetColumn): SheetColumn {
  return { index, name: lettersOf(index) };
}

function isTextOrEmpty(cell: Cell | undefined): boolean {
  return !isFilled(cell) || typeof cell?.v === "string";
}

/** What a cell of a header says, without white space around it. */
export function textOf(cell: Cell | undefined): string {
  return cell === undefined || cell.t === "e" ? "" : String(cell.v ?? "").trim();
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
