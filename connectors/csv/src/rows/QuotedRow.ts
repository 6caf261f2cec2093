import type { RowForm } from "./RowForm.js";

/** What ends a row that has quotes. */
export type RowEnd = "complete" | "cut" | "unclosed-quote" | "text-after-quote";

const blanks = /[ \t]*/y;

/** A row in which there may be quotes, as it is read from a text, cell by cell. */
export class QuotedRow {
  public readonly cells: string[] = [];
  /** Where the last cell begins. */
  public cellStart: number;
  /** Where the reading stands: after a row that is complete, at its line end. */
  public place: number;

  /** @param _isLast - whether nothing follows the text */
  public constructor(
    private readonly _text: string,
    start: number,
    private readonly _form: RowForm,
    private readonly _isLast: boolean,
  ) {
    this.cellStart = this.place = start;
  }

  /** Reads on to the end of the row. */
  public read(): RowEnd {
    if (this._form.delimiter === undefined) this._skipBlanks();
    for (;;) {
      this.cellStart = this.place;
      const end = this._readCell() ?? this._readDelimiter();
      if (end !== undefined) return end;
    }
  }

  /** What ends the row within the cell, if something does. */
  private _readCell(): RowEnd | undefined {
    if (this._form.trim) this._skipBlanks();
    if (this._text[this.place] !== this._form.quote) {
      this._readPlain();
      return undefined;
    }
    this.place++;
    const cell = this._readQuoted();
    if (cell === undefined) return this._isLast ? "unclosed-quote" : "cut";
    this.cells.push(cell);
    if (this._form.trim) this._skipBlanks();
    return undefined;
  }

  private _readPlain(): void {
    const start = this.place;
    while (!this._isAtEnd() && this._delimiterLength() === 0) this.place++;
    const cell = this._text.slice(start, this.place);
    this.cells.push(this._form.trim ? cell.trim() : cell);
  }

  /** The content of a quoted cell, up to the quote that closes it. */
  private _readQuoted(): string | undefined {
    const { quote = "", escape = quote } = this._form;
    let content = "";
    let start = this.place;
    for (;;) {
      const next = this._findQuoteOrEscape(start, quote, escape);
      if (next < 0) return undefined;
      const isEscaped = this._isEscaped(next, quote, escape);
      content += this._text.slice(start, isEscaped ? next : next + 1);
      if (isEscaped) {
        content += this._text.charAt(next + 1);
        start = next + 2;
      } else if (this._text[next] === quote) {
        this.place = next + 1;
        return content.slice(0, -1);
      } else start = next + 1;
    }
  }

  private _findQuoteOrEscape(from: number, quote: string, escape: string): number {
    const nextQuote = this._text.indexOf(quote, from);
    if (escape === quote || nextQuote < 0) return nextQuote;
    const nextEscape = this._text.indexOf(escape, from);
    return nextEscape < 0 ? nextQuote : Math.min(nextQuote, nextEscape);
  }

  private _isEscaped(place: number, quote: string, escape: string): boolean {
    if (this._text[place] !== escape) return false;
    const next = this._text[place + 1];
    return next === quote || next === escape;
  }

  /** What ends the row behind the cell, unless a delimiter follows it. */
  private _readDelimiter(): RowEnd | undefined {
    if (this._isAtEnd()) return this._isCut() ? "cut" : "complete";
    const length = this._delimiterLength();
    this.place += length;
    if (length === 0) return this._isCut() ? "cut" : "text-after-quote";
    const isSpaceAtEnd = this._form.delimiter === undefined && this._isAtEnd();
    return isSpaceAtEnd ? this._readDelimiter() : undefined;
  }

  private _delimiterLength(): number {
    const { delimiter } = this._form;
    if (delimiter !== undefined) return this._text.startsWith(delimiter, this.place) ? delimiter.length : 0;
    return this._blanksAt(this.place);
  }

  private _skipBlanks(): void {
    this.place += this._blanksAt(this.place);
  }

  private _blanksAt(place: number): number {
    blanks.lastIndex = place;
    return blanks.exec(this._text)?.[0].length ?? 0;
  }

  private _isAtEnd(): boolean {
    const character = this._text[this.place];
    return character === "\n" || character === "\r" || character === undefined;
  }

  /** Whether what follows in the source may change how the row ends: the rest of a line end, a delimiter or a quote. */
  private _isCut(): boolean {
    const { delimiter = " " } = this._form;
    return !this._isLast && this.place + delimiter.length >= this._text.length;
  }
}
