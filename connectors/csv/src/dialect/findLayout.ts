import { isUnitsRow, unitsIn } from "itwin-connector-framework/internal";
import type { SourceErrors, TableRow, TextDialect, TextFile, TextNotation } from "itwin-connector-framework/tables";
import { plainForm, type RowForm } from "../rows/RowForm.js";
import { isNumberOrDate, textsOf, usedWidth, valuesByColumn } from "./cells.js";
import { findCommentForm, isCommented, withoutComments } from "./comments.js";
import type { CsvLayout } from "./CsvLayout.js";
import { findDateForms } from "./dates.js";
import { findDelimiter, readSepLine } from "./delimiters.js";
import { filledRows, findHeader, findNamed, inventNames, namesIn } from "./header.js";
import { findNumberNotation } from "./numbers.js";
import { Sample } from "./Sample.js";

/** What is given about the layout of a file. */
export interface GivenLayout {
  readonly dialect: TextDialect;
  /** Names of columns that the options use. */
  readonly namedColumns: readonly string[];
  /** Names of the columns of a file without header. */
  readonly names?: readonly string[];
}

/** A header with the rows below it. */
interface Header {
  rows: readonly TableRow[];
  below: readonly TableRow[];
}

/**
 * Finds out how a file is read. What is not given is taken from the beginning of the file, where it is certain.
 * @throws ConnectorError `csv/no-header` where the header is not where the dialect says
 */
export async function findLayout(file: TextFile, given: GivenLayout): Promise<CsvLayout> {
  const sample = await Sample.read(file);
  const { dialect } = given;
  const sep = readSepLine(sample);
  const delimiter = given.dialect.delimiter ?? sep.delimiter;
  const form = findForm(sample, sep.firstLine, delimiter, dialect);
  const comments =
    dialect.comment === undefined ? findCommentForm(filledRows(sample.rows(form, sep.firstLine))) : undefined;
  const rowsFrom = (line: number) => withoutComments(filledRows(sample.rows(form, line)), comments);
  const header = findHeaderRows(rowsFrom(sep.firstLine), given, rowsFrom, file.errors);
  const layout = describe(header, form, given, sep.firstLine);
  const { isAboveHeader = false, mark } = comments ?? {};
  return { ...layout, comments, form: isAboveHeader ? { ...form, comment: mark } : form };
}

/** How the text is cut into rows and cells. */
function findForm(sample: Sample, start: number, delimiter: string | undefined, dialect: TextDialect): RowForm {
  const { quote = '"', escape, comment } = dialect;
  const written = {
    quote: quote === false ? undefined : quote,
    escape: escape ?? (quote === false ? undefined : quote),
    comment: comment === false ? undefined : comment,
  };
  const first = firstUncommented(sample, start);
  const found = delimiter ?? findDelimiter(sample, first, written);
  const form = { ...plainForm(","), ...written, delimiter: found === "whitespace" ? undefined : found };
  return { ...form, trim: dialect.trim ?? hasSpacesAfterDelimiters(filledRows(sample.rows(form, first))) };
}

function firstUncommented({ lines }: Sample, start: number): number {
  const index = lines.findIndex((line, place) => place >= start - 1 && line.trim() !== "" && !isCommented(line));
  return index < 0 ? start : index + 1;
}

/** Whether a space follows every delimiter of the first row. */
function hasSpacesAfterDelimiters([first]: readonly TableRow[]): boolean {
  const [, ...others] = first?.cells ?? [];
  return others.length > 0 && others.every((cell) => typeof cell === "string" && /^ +\S/.test(cell));
}

type RowsFrom = (line: number) => readonly TableRow[];

function findHeaderRows(
  filled: readonly TableRow[],
  given: GivenLayout,
  rowsFrom: RowsFrom,
  errors: SourceErrors,
): Header {
  const { header, headerRows = 1 } = given.dialect;
  if (header === 0) return { rows: [], below: filled };
  const from = typeof header === "number" ? rowsFrom(header) : filled;
  const index = typeof header === "number" ? 0 : indexOfHeader(filled, given);
  if (from.length === 0 && header !== undefined)
    throw noHeader(`The file has no row from line ${String(header)} on`, errors);
  checkIsThere(index, header, errors);
  if (header === undefined) checkIsNoData(from[index], errors);
  return { rows: from.slice(index, index + headerRows), below: from.slice(index + headerRows) };
}

function indexOfHeader(rows: readonly TableRow[], { dialect: { header }, namedColumns }: GivenLayout): number {
  return typeof header === "object" ? findNamed(rows, header) : findHeader(rows, namedColumns);
}

function checkIsThere(index: number, header: TextDialect["header"], errors: SourceErrors): void {
  if (index < 0) throw noHeader(`No line has the columns ${String(header)}`, errors);
}

/** Names are no numbers and no dates. */
function checkIsNoData(row: TableRow | undefined, errors: SourceErrors): void {
  if (row === undefined || !textsOf(row).every((text) => text === "" || isNumberOrDate(text) || isBoolean(text)))
    return;
  throw errors.make("no-header", "The first line is data, not a header.", {
    source: { line: row.number },
    advice: `Begin the file with a line that names the columns. Or give "dialect": { "header": 0 }: the columns are column1, column2 and so on then, and "idColumn" or "idByRow" says what identifies a row.`,
  });
}

function isBoolean(text: string): boolean {
  return /^(?:true|false)$/i.test(text);
}

function noHeader(fault: string, errors: SourceErrors): Error {
  return errors.make("no-header", `${fault}, which the dialect takes for the header.`, {
    source: {},
    advice: 'Give the line of the header, such as "dialect": { "header": 4 }, or names of columns that it has.',
  });
}

function describe({ rows, below }: Header, form: RowForm, given: GivenLayout, start: number): CsvLayout {
  const [header] = rows;
  const width = header === undefined ? usedWidth(below) : headerWidth(rows, below);
  const units = header === undefined ? undefined : findUnits(below, width, given.dialect.unitsRow);
  const values = valuesByColumn(units === undefined ? below : below.slice(1), width);
  const invented = given.names ?? inventNames(width);
  return {
    form,
    names: width === 0 ? undefined : header === undefined ? invented : namesIn(rows, width),
    hasInventedNames: header === undefined && given.names === undefined,
    headerLine: header?.number ?? 0,
    firstLine: lineAfter(rows, units, start),
    units,
    notation: findNotation(values, form, given.dialect),
  };
}

function lineAfter(rows: readonly TableRow[], units: CsvLayout["units"], start: number): number {
  const last = units?.line ?? rows.at(-1)?.lastNumber;
  return last === undefined ? start : last + 1;
}

/** The columns of a header without those at its end that have neither a name nor a value: a delimiter ends each line. */
function headerWidth(rows: readonly TableRow[], below: readonly TableRow[]): number {
  const widest = Math.max(...rows.map(({ cells }) => cells.length));
  return Math.max(usedWidth(rows), Math.min(widest, usedWidth(below)));
}

function findUnits(below: readonly TableRow[], width: number, unitsRow: boolean | undefined): CsvLayout["units"] {
  const [row, ...others] = below;
  if (row === undefined || unitsRow === false) return undefined;
  const texts = textsOf(row);
  const columns = valuesByColumn(others, width);
  const isOfNumbers = (column: number) =>
    columns[column]?.length !== 0 && columns[column]?.every(isNumberOrDate) === true;
  if (unitsRow !== true && !isUnitsRow(texts, width, isOfNumbers)) return undefined;
  return { line: row.lastNumber ?? row.number, texts: unitsIn(texts, width) };
}

function findNotation(values: readonly string[][], { delimiter }: RowForm, dialect: TextDialect): TextNotation {
  const { decimal, thousands, dates, nullMarks } = dialect;
  const isOpen = decimal === undefined && thousands === undefined;
  return {
    ...(isOpen ? findNumberNotation(values, delimiter) : { decimal, thousands }),
    dates: dates ?? findDateForms(values),
    ...(nullMarks !== undefined && { nullMarks }),
  };
}
