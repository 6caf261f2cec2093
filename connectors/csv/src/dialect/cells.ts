import type { TableRow } from "itwin-connector-framework/tables";

/** The texts of a row, without white space around them. */
export function textsOf({ cells }: TableRow): string[] {
  return cells.map((cell) => (typeof cell === "string" ? cell.trim() : ""));
}

/** Whether a row has nothing but delimiters and spaces. */
export function isBlank({ cells }: TableRow): boolean {
  return cells.every((cell) => cell === "" || (typeof cell === "string" && cell.trim() === ""));
}

/** How many cells have something. */
export function countFilled(row: TableRow): number {
  return textsOf(row).filter((text) => text !== "").length;
}

/** How many columns rows use: cells at the end count only where one of them has something. */
export function usedWidth(rows: readonly TableRow[]): number {
  return rows.reduce((width, row) => Math.max(width, textsOf(row).findLastIndex((text) => text !== "") + 1), 0);
}

/** Texts that programs write into columns of numbers and dates where there is no value. */
const emptyMarks = new Set(["", "-", "--", "NA", "N/A", "n/a", "#N/A", "NULL", "null", "\\N", "NaN", "nan"]);

/** The values of each column, without those that stand for none. */
export function valuesByColumn(rows: readonly TableRow[], width: number): string[][] {
  const texts = rows.map(textsOf);
  return Array.from({ length: width }, (_, column) =>
    texts.map((cells) => cells[column] ?? "").filter((text) => !emptyMarks.has(text)),
  );
}

const numberOrDate = /^[-+]?[\d.,' ]*\d%?$|^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/;

/** Whether a text may be a number or a date, in any notation. */
export function isNumberOrDate(text: string): boolean {
  return numberOrDate.test(text);
}
