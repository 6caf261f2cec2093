import type { CellContent, SourceErrors } from "itwin-connector-framework/tables";
import { addressOf } from "./addresses.js";
import { isDateFormat, readDate } from "./dates.js";
import type { Cell, Sheet } from "./workbook.js";

/** NUL, and halves of a surrogate pair: a database would cut the text there, or change it. */
const notText = /[\0\p{Surrogate}]/u;

/** Reads the cells of a sheet. */
export class CellReader {
  public constructor(
    private readonly _sheet: Pick<Sheet, "name" | "is1904">,
    private readonly _errors: SourceErrors,
  ) {}

  /**
   * What a cell holds; of a formula, its value.
   * @throws ConnectorError for what is no value
   */
  public read(cell: Cell | undefined, row: number, column: number): CellContent {
    if (cell === undefined) return undefined;
    const value = cell.v;
    if (value === undefined && cell.f !== undefined) throw this._withoutValue(row, column);
    if (cell.t === "e") return undefined;
    if (typeof value === "string") return this._checkText(value, row, column);
    return typeof value === "number" ? this._readNumber(value, cell.z, row, column) : value;
  }

  private _readNumber(value: number, format: unknown, row: number, column: number): CellContent {
    if (!Number.isFinite(value)) throw this._notANumber(row, column);
    return isDateFormat(format) ? readDate(value, format, this._sheet.is1904) : value;
  }

  private _checkText(text: string, row: number, column: number): string {
    if (!notText.test(text)) return text;
    throw this._make("not-text", "The cell holds a character that no text has: a NUL, or half of a surrogate pair.", {
      place: addressOf(row, column),
      advice: "Type the text of the cell again.",
    });
  }

  private _withoutValue(row: number, column: number): Error {
    return this._make("formula-without-value", "The formula of the cell has no saved value.", {
      place: addressOf(row, column),
      advice: "Open the workbook in a spreadsheet program, which calculates it, and save it.",
    });
  }

  private _notANumber(row: number, column: number): Error {
    return this._make("not-a-number", "The number of the cell is none, or beyond what a double holds.", {
      place: addressOf(row, column),
      advice: "Correct the number, or write it as a text.",
    });
  }

  private _make(key: string, message: string, { place, advice }: { place: string; advice: string }): Error {
    return this._errors.make(key, message, { source: { sheet: this._sheet.name, cell: place }, advice });
  }
}
