import type { TableRow } from "itwin-connector-framework/tables";
import { countFilled, isBlank, isNumberOrDate, textsOf, usedWidth, valuesByColumn } from "./cells.js";
import { countComments, isKnown } from "./comments.js";

/** Between the names of a column in a header of several rows. */
const separator = " / ";

/** A header is looked for in so many rows. */
const searchedRows = 50;

/**
 * The index of the row that is the header. Rows above it are left out where that is certain: comments, and lines with much fewer
 * cells than the header, which all rows below have as many cells as.
 * @param rows - without blank ones
 * @param namedColumns - names of columns that the options use
 */
export function findHeader(rows: readonly TableRow[], namedColumns: readonly string[]): number {
  const named = namedColumns.length === 0 ? -1 : findNamed(rows, namedColumns);
  if (named >= 0) return named;
  const start = countComments(rows);
  const below = rows.slice(start);
  const width = usedWidth(below);
  const index = below.slice(0, searchedRows).findIndex((row) => countFilled(row) === width);
  return start + (index > 0 && isCertain(below, index, width) ? index : 0);
}

/** The index of the first row that has all names; -1 where none has. */
export function findNamed(rows: readonly TableRow[], names: readonly string[]): number {
  return rows.findIndex((row) => {
    const texts = textsOf(row);
    return names.every((name) => texts.includes(name.trim()));
  });
}

function isCertain(rows: readonly TableRow[], index: number, width: number): boolean {
  const [header, ...others] = rows.slice(index) as [TableRow, ...TableRow[]];
  const above = rows.slice(0, index);
  const areApart = above.every((row) => countFilled(row) <= Math.max(1, width / 2) && !isKnown(row));
  const areEven = others.length > 0 && others.every(({ cells }) => cells.length === header.cells.length);
  return (
    areApart && areEven && areNames(textsOf(header).slice(0, width)) && (isKnown(header) || isOther(header, others))
  );
}

function areNames(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length && !texts.some(isNumberOrDate);
}

/** Whether a column has a text here, and numbers or dates in all other rows. */
function isOther(header: TableRow, others: readonly TableRow[]): boolean {
  const names = textsOf(header);
  const columns = valuesByColumn(others, names.length);
  return columns.some((values) => values.length > 0 && values.every(isNumberOrDate));
}

/** The names of columns in a header. In one of several rows, a name goes on over the empty cells beside it. */
export function namesIn(rows: readonly TableRow[], width: number): string[] {
  const levels = rows.map((row, level) => {
    const texts = textsOf(row).map((text) => text.replace(/^\ufeff+/, ""));
    return level < rows.length - 1 ? spread(texts, rows[level + 1]) : texts;
  });
  return Array.from({ length: width }, (_, column) => {
    const names = levels.map((texts) => texts[column] ?? "");
    return names.filter((name, level) => name !== "" && name !== names[level - 1]).join(separator);
  });
}

function spread(texts: readonly string[], below: TableRow | undefined): string[] {
  const names = below === undefined ? [] : textsOf(below);
  let last = "";
  return names.map((name, column) => {
    const text = texts[column] ?? "";
    if (text !== "" || name === "") return (last = text);
    return last;
  });
}

/** Names for the columns of a text that has none. */
export function inventNames(width: number): string[] {
  return Array.from({ length: width }, (_, column) => `column${column + 1}`);
}

/** Rows that are not blank. */
export function filledRows(rows: readonly TableRow[]): TableRow[] {
  return rows.filter((row) => !isBlank(row));
}
