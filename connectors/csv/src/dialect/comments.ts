import type { TableRow } from "itwin-connector-framework/tables";
import { countFilled, textsOf, usedWidth } from "./cells.js";

/** What lines that are no rows begin with. The first one counts where no line above the header begins with another one. */
const marks = ["#", "%", "//"] as const;

/** Names of columns that tell a header from other rows, in any case. */
const knownNames = ["id", "guid", "key"];

/** How lines are taken that begin with a mark, where nobody says it. */
export interface CommentForm {
  readonly mark: string;
  /** Whether comments above the header begin with it: all lines that do are comments then. */
  readonly isAboveHeader: boolean;
  /** Whether rows begin with it, such as `#12,wall`. */
  readonly beginsRows: boolean;
  /** Whether the beginning of the file has comments below its header. */
  readonly isBelowHeader: boolean;
}

/** What decides about a line. */
type LineForm = Omit<CommentForm, "isBelowHeader">;

/** What a line that begins with a mark is. */
type LineKind = "row" | "comment" | "unclear";

/** Whether a line begins with one of the marks. */
export function isCommented(line: string): boolean {
  return marks.some((mark) => line.startsWith(mark));
}

/** @param rows - without blank ones */
export function findCommentForm(rows: readonly TableRow[]): CommentForm {
  const mark = marks.find((each) => rows[0] !== undefined && beginsWith(rows[0], each)) ?? marks[0];
  const count = countComments(rows);
  const below = rows.slice(count + 1);
  const width = usedWidth([...rows.slice(count, count + 1), ...below.filter((row) => !beginsWith(row, mark))]);
  const marked = below.filter((row) => beginsWith(row, mark) && countFilled(row) > 1);
  const isMost = marked.length * 2 > below.length;
  const beginsRows = count > 0 ? isMost : marked.some((row) => row.cells.length === width && !hasSpace(row, mark));
  const form = { mark, isAboveHeader: count > 0 && !isMost, beginsRows };
  return { ...form, isBelowHeader: below.some((row) => kindOfLine(row, width, form) === "comment") };
}

/** How many rows at the beginning are comments; the last of them may be the header: `#id,name`. */
export function countComments(rows: readonly TableRow[]): number {
  const [start] = rows;
  const mark = marks.find((each) => start !== undefined && beginsWith(start, each));
  if (mark === undefined) return 0;
  const count = rows.findIndex((row) => !beginsWith(row, mark));
  const [last, next] = [rows[count - 1], rows[count]];
  if (last === undefined || next === undefined) return 0;
  return last.cells.length !== next.cells.length || isKnown(next) ? count : count - 1;
}

/** Leaves out the comments below the header, which is the first row that is not a comment. */
export function withoutComments(rows: readonly TableRow[], form: CommentForm | undefined): readonly TableRow[] {
  if (form === undefined) return rows;
  const start = countComments(rows);
  const width = usedWidth(rows.slice(start));
  return rows.filter((row, index) => index <= start || kindOfLine(row, width, form) !== "comment");
}

/** What a row is, as far as its beginning tells. */
export function kindOfLine(row: TableRow, width: number, form: LineForm): LineKind {
  if (!beginsWith(row, form.mark)) return "row";
  if (form.isAboveHeader || isAlone(row, width, form)) return "comment";
  return hasSpace(row, form.mark) || (!form.beginsRows && row.cells.length !== width) ? "unclear" : "row";
}

/** Whether a row has names of identifiers, as a header does. */
export function isKnown(row: TableRow): boolean {
  return textsOf(row).some((text) => knownNames.includes(text.toLowerCase()));
}

/** Whether a table of several columns has a single cell here. Delimiters may follow it, as spreadsheets write them. */
function isAlone(row: TableRow, width: number, { mark, beginsRows }: LineForm): boolean {
  if (width < 2 || countFilled(row) > 1) return false;
  const isLine = row.cells.length === 1 ? !beginsRows : /\s/.test(textOfFirst(row));
  return isLine || hasSpace(row, mark);
}

/** Whether a space or nothing follows the mark. */
function hasSpace(row: TableRow, mark: string): boolean {
  let rest = textOfFirst(row);
  while (rest.startsWith(mark)) rest = rest.slice(mark.length);
  return rest === "" || /^\s/.test(rest);
}

function beginsWith({ cells: [first] }: TableRow, mark: string): boolean {
  return typeof first === "string" && first.includes(mark) && textStart(first).startsWith(mark);
}

function textOfFirst({ cells: [first] }: TableRow): string {
  return typeof first === "string" ? textStart(first).trimEnd() : "";
}

/** Byte order marks may come several times. */
function textStart(text: string): string {
  return text.replace(/^[\s\ufeff]+/, "");
}
