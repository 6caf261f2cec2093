import { unusedName } from "itwin-connector-framework/internal";
import type {
  OnProgress,
  SourceErrors,
  Table,
  TableRow,
  TextFile,
  TextNotation,
} from "itwin-connector-framework/tables";
import { isBlank } from "./dialect/cells.js";
import type { CsvLayout } from "./dialect/CsvLayout.js";
import { describeLayout } from "./dialect/describeLayout.js";
import { readRows } from "./rows/csvRows.js";

/** What is known about a table beside its layout. */
export interface CsvTableContext {
  readonly file: TextFile;
  readonly layout: CsvLayout;
  /** The class of the rows. */
  readonly name: string;
  /** Whether lines identify the rows, since no column does. */
  readonly isNumbered: boolean;
  /** The columns that together identify a row, where a file with the dialect says so. */
  readonly key?: readonly string[];
  /** Whether rows with too few cells are refused. */
  readonly isStrict: boolean;
  readonly onProgress?: OnProgress;
  /** Receives an issue, once. */
  report(key: string, message: string): void;
}

/** The table in a CSV file. */
export class CsvTable implements Table {
  public readonly isText = true;
  public readonly rowNoun = "line";
  public readonly name: string;
  public readonly hint: string;
  public readonly readAs?: string;
  public readonly notation?: TextNotation;
  public readonly units?: Table["units"];
  public readonly hasInventedNames: boolean;
  public readonly idColumn?: string;
  public readonly key?: readonly string[];
  private readonly _names: readonly string[];
  private _isReported = false;

  public constructor(private readonly _context: CsvTableContext) {
    const { file, layout, name, isNumbered, key } = _context;
    const { names = [], notation, hasInventedNames, units } = layout;
    this.name = name;
    this.key = key;
    this.hasInventedNames = hasInventedNames;
    this._names = names;
    if (isNumbered) this.idColumn = unusedName("line", names);
    this.readAs = describeLayout(file, layout);
    this.hint = hintOf(layout);
    if (isOwn(notation)) this.notation = notation;
    if (units !== undefined) this.units = this._numbered(units.texts, undefined);
  }

  public async *rows(): AsyncGenerator<TableRow[]> {
    const { file, layout, onProgress } = this._context;
    const { form, firstLine, names } = layout;
    if (names !== undefined) yield [this._headerRow(names)];
    const short = new ShortRows();
    for await (const rows of readRows({ file, form, firstLine, names }, onProgress)) {
      const even = rows.flatMap((row) => (isEmptyRow(row) ? [] : this._evenOut(row, short)));
      if (even.length > 0) yield even;
    }
    this._report(short);
  }

  public locate(line: number, cell?: string): { line: number; cell?: string } {
    return { line, ...(cell !== undefined && { cell }) };
  }

  private _headerRow(names: readonly string[]): TableRow {
    const { headerLine, firstLine } = this._context.layout;
    const number = Math.max(headerLine, 1);
    return { number, lastNumber: Math.max(number, firstLine - 1), cells: this._numbered<string>(names, this.idColumn) };
  }

  /** The row with as many cells as the header has. */
  private _evenOut(row: TableRow, short: ShortRows): TableRow {
    const { number, lastNumber, cells } = row;
    const width = this._names.length;
    if (cells.length === width && this.idColumn === undefined) return row;
    if (cells.length < width) {
      if (this._context.isStrict) throw raggedRow(row, width, this._context.file.errors);
      short.add(number);
    }
    if (cells.slice(width).some((cell) => cell !== "")) throw raggedRow(row, width, this._context.file.errors);
    const even = Array.from({ length: width }, (_, column) => cells[column] ?? "");
    return { number, lastNumber, cells: this._numbered<(typeof even)[number]>(even, String(number)) };
  }

  private _numbered<T>(cells: readonly T[], number: T | undefined): (T | undefined)[] {
    return this.idColumn === undefined ? [...cells] : [number, ...cells];
  }

  private _report(short: ShortRows): void {
    const { message } = short;
    if (message === undefined || this._isReported) return;
    this._isReported = true;
    this._context.report("short-row", message);
  }
}

/** Rows with fewer cells than the header. */
class ShortRows {
  private _first = 0;
  private _count = 0;

  public add(line: number): void {
    if (this._count++ === 0) this._first = line;
  }

  public get message(): string | undefined {
    if (this._count === 0) return undefined;
    const others = this._count > 1 ? ` and ${this._count - 1} more` : "";
    return `Line ${this._first}${others}: fewer cells than the header has. The missing ones are empty.`;
  }
}

/** Most rows have something in their first cell, which is the first that is looked at. */
function isEmptyRow(row: TableRow): boolean {
  return row.cells[0] === "" || /^\s/.test(String(row.cells[0])) ? isBlank(row) : false;
}

function raggedRow({ number, lastNumber = number, cells }: TableRow, width: number, errors: SourceErrors): Error {
  const hint = lastNumber > number ? `It goes on to line ${lastNumber}: see whether a quote is missing. ` : "";
  const count = cells.length === 1 ? "1 cell" : `${cells.length} cells`;
  return errors.make("ragged-row", `The row has ${count}, the header has ${width}.`, {
    source: { line: number },
    advice: `${hint}Give each row one cell for each column, and put a cell with a delimiter in quotes. The option "dialect" names other delimiters, quotes and comments.`,
  });
}

function hintOf({ form: { delimiter }, headerLine }: CsvLayout): string {
  const delimiters =
    delimiter === undefined ? "Do spaces separate cells?" : `Is ${JSON.stringify(delimiter)} the delimiter?`;
  const header = headerLine === 0 ? "Has the file no header?" : `Is line ${headerLine} the header?`;
  return `${delimiters} ${header} Give others such as "dialect": { "delimiter": ";", "header": 4 }. With "idByRow": true, lines identify rows.`;
}

function isOwn({ decimal, thousands, dates = [], nullMarks = [] }: TextNotation): boolean {
  return decimal === "," || thousands !== undefined || dates.length + nullMarks.length > 0;
}
