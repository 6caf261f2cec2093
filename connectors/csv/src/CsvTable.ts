import { counted, unusedName } from "itwin-connector-framework/internal";
import type {
  OnProgress,
  SourceErrors,
  Table,
  TableRow,
  TextFile,
  TextNotation,
} from "itwin-connector-framework/tables";
import { isBlank } from "./dialect/cells.js";
import { kindOfLine, type CommentForm } from "./dialect/comments.js";
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
  /** Receives how many lines are taken for comments though nobody says so, and the first one, once. */
  reportComments(line: number, count: number): void;
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
    const [short, comments] = [new ShortRows(), new LineCount()];
    for await (const rows of readRows({ file, form, firstLine, names }, onProgress)) {
      const data = rows.filter((row) => !isEmptyRow(row) && !this._isComment(row, comments));
      const even = data.map((row) => this._evenOut(row, short));
      if (even.length > 0) yield even;
    }
    this._report(short, comments);
  }

  public locate(line: number, cell?: string): { line: number; cell?: string } {
    return { line, ...(cell !== undefined && { cell }) };
  }

  private _headerRow(names: readonly string[]): TableRow {
    const { headerLine, firstLine } = this._context.layout;
    const number = Math.max(headerLine, 1);
    return { number, lastNumber: Math.max(number, firstLine - 1), cells: this._numbered<string>(names, this.idColumn) };
  }

  private _isComment(row: TableRow, comments: LineCount): boolean {
    const { layout, file } = this._context;
    if (layout.comments === undefined) return false;
    const kind = kindOfLine(row, this._names.length, layout.comments);
    if (kind === "unclear") throw unclearLine(row, layout.comments, file.errors);
    if (kind === "comment") comments.add(row.number);
    return kind === "comment";
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

  private _report({ message }: ShortRows, comments: LineCount): void {
    if (this._isReported) return;
    this._isReported = true;
    if (message !== undefined) this._context.report("short-row", message);
    if (comments.count > 0) this._context.reportComments(comments.first, comments.count);
  }
}

/** Counts lines of a sort. */
class LineCount {
  /** The line of the first one. */
  public first = 0;
  public count = 0;

  public add(line: number): void {
    if (this.count++ === 0) this.first = line;
  }
}

/** Rows with fewer cells than the header. */
class ShortRows extends LineCount {
  public get message(): string | undefined {
    if (this.count === 0) return undefined;
    const others = this.count > 1 ? ` and ${this.count - 1} more` : "";
    return `Line ${this.first}${others}: fewer cells than the header has. The missing ones are empty.`;
  }
}

/** Most rows have something in their first cell, which is the first that is looked at. */
function isEmptyRow(row: TableRow): boolean {
  return row.cells[0] === "" || /^\s/.test(String(row.cells[0])) ? isBlank(row) : false;
}

function unclearLine({ number }: TableRow, { mark }: CommentForm, errors: SourceErrors): Error {
  return errors.make("unclear-comment", `The line begins with ${mark}: it may be a comment or a row.`, {
    source: { line: number },
    advice: `Give "dialect": { "comment": "${mark}" } if such lines are comments, or { "comment": false } if they are rows.`,
  });
}

function raggedRow({ number, lastNumber = number, cells }: TableRow, width: number, errors: SourceErrors): Error {
  const hint = lastNumber > number ? `It goes on to line ${lastNumber}: see whether a quote is missing. ` : "";
  return errors.make("ragged-row", `The row has ${counted(cells.length, "cell")}, the header has ${width}.`, {
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
