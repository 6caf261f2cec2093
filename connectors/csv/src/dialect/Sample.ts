import { readText, type TableRow, type TextFile } from "itwin-connector-framework/tables";
import { RowFault } from "../rows/RowFault.js";
import type { RowForm } from "../rows/RowForm.js";
import { RowScanner } from "../rows/RowScanner.js";

/** So much is looked at to find out the dialect, in characters; more only where the first row is longer. */
const sampleLength = 1 << 17;
const longestSample = 11_000_000;

/** So many rows tell how the cells of a column are written. */
const sampledRows = 1000;

const firstRow = /^(?:"[^"]*"|[^"\r\n])*[\r\n]/;

/** The beginning of a text. */
export class Sample {
  private constructor(
    private readonly _text: string,
    private readonly _isWhole: boolean,
  ) {}

  /** Reads as much as tells how the file is written. */
  public static async read(file: TextFile): Promise<Sample> {
    let text = "";
    for await (const piece of readText(file)) {
      text += piece;
      const isEnough = text.length >= sampleLength && firstRow.test(text);
      if (isEnough || text.length > longestSample) return new Sample(text, false);
    }
    return new Sample(text, true);
  }

  /** Its lines, up to the first one that is cut. */
  public get lines(): string[] {
    return this._text.split(/\r\n|\r|\n/, sampledRows);
  }

  /** The complete rows from a line on, up to the first one that cannot be read. */
  public rows(form: RowForm, firstLine = 1): TableRow[] {
    const rows: TableRow[] = [];
    const scanner = new RowScanner(form, firstLine);
    try {
      scanner.add(this._from(firstLine), rows);
      if (this._isWhole) scanner.end(rows);
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
    }
    return rows.slice(0, sampledRows);
  }

  /** The first row from a line on that is not empty, as it is written. */
  public firstRow(firstLine: number): string {
    const text = this._from(firstLine).replace(/^[\r\n]+/, "");
    return firstRow.exec(text)?.[0] ?? text;
  }

  private _from(line: number): string {
    const lineEnd = /\r\n|\r|\n/g;
    for (let left = line - 1; left > 0; left--) if (lineEnd.exec(this._text) === null) return "";
    return this._text.slice(lineEnd.lastIndex);
  }
}
