import { countLineBreaks, type TableRow } from "itwin-connector-framework/tables";
import { QuotedRow } from "./QuotedRow.js";
import { RowFault } from "./RowFault.js";
import type { RowForm } from "./RowForm.js";

/** A longer row is taken for one whose quote is never closed, before it fills the memory. In characters. */
const longestRow = 10_000_000;

/**
 * Cuts a text that comes in pieces into rows. Line ends are `\n`, `\r\n` and `\r`, in any mixture. Empty lines and comments are
 * no rows. A line without quotes, which most are, is split as a whole.
 */
export class RowScanner {
  private readonly _split: (line: string) => string[];
  private _text = "";
  private _place = 0;
  private _isLast = false;
  /** Where the next of each character is, from the place on; the length of the text where there is none. */
  private _nextFeed = 0;
  private _nextReturn = 0;
  private _nextQuote = 0;

  /** @param line - the number of the first line */
  public constructor(
    private readonly _form: RowForm,
    public line = 1,
  ) {
    this._split = splitter(_form);
  }

  /**
   * Adds the rows that are complete with a further piece of the text.
   * @param rows - where rows are added, also those before a fault
   * @throws RowFault
   */
  public add(piece: string, rows: TableRow[]): void {
    this._text = this._text.slice(this._place) + piece;
    this._place = this._nextFeed = this._nextReturn = this._nextQuote = 0;
    this._readRows(rows);
    if (this._text.length - this._place > longestRow) throw this._tooLong();
  }

  /** Adds the rows that the end of the text completes. */
  public end(rows: TableRow[]): void {
    this._isLast = true;
    this.add("", rows);
  }

  private _readRows(rows: TableRow[]): void {
    while (this._place < this._text.length) {
      const end = this._findLineEnd();
      if (this._isComment()) {
        if (!this._skipLineEnd(end)) return;
      } else if (this._hasQuoteBefore(end)) {
        if (!this._readQuoted(rows)) return;
      } else if (!this._readLine(end, rows)) return;
    }
  }

  private _readLine(end: number, rows: TableRow[]): boolean {
    const { _place: start, line: number } = this;
    if (!this._skipLineEnd(end)) return false;
    if (end > start) rows.push({ number, lastNumber: number, cells: this._split(this._text.slice(start, end)) });
    return true;
  }

  private _readQuoted(rows: TableRow[]): boolean {
    const { _place: start, line: number } = this;
    const row = new QuotedRow(this._text, start, this._form, this._isLast);
    const end = row.read();
    if (end === "cut") return false;
    if (end !== "complete") throw this._fault(end, row);
    const lastNumber = number + countLineBreaks([this._text.slice(start, row.place)]);
    this.line = lastNumber;
    if (!this._skipLineEnd(row.place)) {
      this.line = number;
      return false;
    }
    if (row.cells.length > 1 || row.cells[0] !== "") rows.push({ number, lastNumber, cells: row.cells });
    return true;
  }

  /** Goes on to the next line, if the end of this one is known. */
  private _skipLineEnd(end: number): boolean {
    if (end >= this._text.length) {
      if (!this._isLast) return false;
      this._place = end;
      return true;
    }
    const isReturn = this._text[end] === "\r";
    if (isReturn && end + 1 === this._text.length && !this._isLast) return false;
    this._place = end + (isReturn && this._text[end + 1] === "\n" ? 2 : 1);
    this.line++;
    return true;
  }

  private _findLineEnd(): number {
    if (this._nextFeed <= this._place) this._nextFeed = this._find("\n");
    if (this._nextReturn <= this._place) this._nextReturn = this._find("\r");
    return Math.min(this._nextFeed, this._nextReturn);
  }

  private _hasQuoteBefore(end: number): boolean {
    const { quote } = this._form;
    if (quote === undefined) return false;
    if (this._nextQuote <= this._place) this._nextQuote = this._find(quote);
    return this._nextQuote < end;
  }

  private _find(character: string): number {
    const place = this._text.indexOf(character, this._place);
    return place < 0 ? this._text.length : place;
  }

  private _isComment(): boolean {
    const { comment } = this._form;
    return comment !== undefined && this._text.startsWith(comment, this._place);
  }

  private _tooLong(): RowFault {
    const row = new QuotedRow(this._text, this._place, this._form, false);
    row.read();
    return this._fault("row-too-long", row);
  }

  private _fault(key: RowFault["key"], { cellStart, cells }: QuotedRow): RowFault {
    const line = this.line + countLineBreaks([this._text.slice(this._place, cellStart)]);
    const column = key === "text-after-quote" ? cells.length - 1 : cells.length;
    return new RowFault(key, line, column);
  }
}

function splitter({ delimiter, trim }: RowForm): (line: string) => string[] {
  if (delimiter === undefined) return (line) => line.trim().split(/[ \t]+/);
  return trim ? (line) => line.split(delimiter).map((cell) => cell.trim()) : (line) => line.split(delimiter);
}
