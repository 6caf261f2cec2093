import * as tables from "itwin-connector-framework/tables";
import { RowFault, type FaultKey } from "./RowFault.js";
import type { RowForm } from "./RowForm.js";
import { RowScanner } from "./RowScanner.js";

/** Where and how the rows of a file are read. */
export interface RowRange {
  readonly file: tables.TextFile;
  readonly form: RowForm;
  /** The line in which the first row begins. Default: 1. */
  readonly firstLine?: number;
  /** The names of the columns, for messages. Default: the cells of the first row. */
  readonly names?: readonly unknown[];
}

const opening = "The quote that opens the cell";
const doubleIt = 'Double each quote within a quoted cell: "5"" pipe".';
const noQuotes = 'If the file has no quoted cells, give "dialect": { "quote": false }.';

const faults: Record<FaultKey, readonly [message: string, advice: string]> = {
  "unclosed-quote": [`${opening} is never closed.`, `Close it where the cell ends. ${noQuotes}`],
  "text-after-quote": [
    `${opening} is closed, but text follows it.`,
    `Close the quote where the cell ends. ${doubleIt} For other quotes give "dialect": { "escape": "\\\\" } or { "quote": false }.`,
  ],
  "row-too-long": [
    "The row goes on for more than 10 MB from this cell.",
    `See whether the quote is closed that opens the cell. ${noQuotes}`,
  ],
};

/**
 * The rows of a file in lists, in the order of the file.
 * @throws ConnectorError with the line and the column of what is wrong
 */
export async function* readRows(
  { file, form, firstLine = 1, names }: RowRange,
  onProgress?: tables.OnProgress,
): AsyncGenerator<tables.TableRow[]> {
  let header = names;
  const rows = scanFile(file, form, firstLine, onProgress);
  try {
    for await (const some of rows) {
      header ??= some[0]?.cells;
      yield some;
    }
  } catch (error) {
    throw error instanceof RowFault ? explain(error, file.errors, header) : error;
  }
}

async function* scanFile(
  file: tables.TextFile,
  form: RowForm,
  firstLine: number,
  onProgress?: tables.OnProgress,
): AsyncGenerator<tables.TableRow[]> {
  const scanner = new RowScanner(form, firstLine);
  const skipper = new LineSkipper(firstLine - 1);
  for await (const text of tables.readText(file, onProgress)) yield* scanPiece(scanner, skipper.skip(text));
  yield* scanPiece(scanner);
}

/** The rows that a piece, or the end, completes. Those before a fault come first, and the fault after them. */
function* scanPiece(scanner: RowScanner, piece?: string): Generator<tables.TableRow[]> {
  const rows: tables.TableRow[] = [];
  let fault: RowFault | undefined;
  try {
    if (piece === undefined) scanner.end(rows);
    else scanner.add(piece, rows);
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    fault = error;
  }
  if (rows.length > 0) yield rows;
  if (fault !== undefined) throw fault;
}

/** Leaves out the first lines of a text that comes in pieces, whatever they hold. */
class LineSkipper {
  private _endsWithReturn = false;

  public constructor(private _left: number) {}

  public skip(text: string): string {
    let place = this._endsWithReturn && text.startsWith("\n") ? 1 : 0;
    this._endsWithReturn = false;
    while (this._left > 0) {
      const [end] = /\r\n|\r|\n/.exec(text.slice(place)) ?? [];
      if (end === undefined) return "";
      place = text.indexOf(end, place) + end.length;
      this._left--;
      this._endsWithReturn = end === "\r" && place === text.length;
    }
    return text.slice(place);
  }
}

function explain({ key, line, column }: RowFault, errors: tables.SourceErrors, names?: readonly unknown[]): Error {
  const [message, advice] = faults[key];
  const name = names?.[column];
  return errors.make(key, message, { source: { line, ...(typeof name === "string" && { cell: name }) }, advice });
}
