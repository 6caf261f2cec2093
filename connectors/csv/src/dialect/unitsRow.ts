import type { TableRow } from "itwin-connector-framework/tables";
import { findUnitBySymbol } from "itwin-connector-framework/units";
import { isNumberOrDate, textsOf, valuesByColumn } from "./cells.js";

/** What stands in a row of units for a column without one. */
const noUnit = new Set(["", "-", "--", "1", "[]", "[-]", "(-)"]);

/** The units in a row, without brackets. */
export function unitsIn(row: TableRow, width: number): (string | undefined)[] {
  const texts = textsOf(row);
  return Array.from({ length: width }, (_, column) => unitIn(texts[column] ?? ""));
}

function unitIn(text: string): string | undefined {
  return noUnit.has(text) ? undefined : text.replace(/^[[(](.*)[\])]$/, "$1").trim();
}

/** Whether a row below the header is certainly one of units: it holds nothing else, above columns of numbers. */
export function isUnitsRow(row: TableRow | undefined, below: readonly TableRow[], width: number): boolean {
  if (row === undefined) return false;
  const units = unitsIn(row, width);
  const columns = valuesByColumn(below, width);
  const areNumbers = (column: number) => (columns[column] ?? []).length > 0 && columns[column]?.every(isNumberOrDate);
  const isAboveNumbers = units.some((unit, column) => unit !== undefined && areNumbers(column) === true);
  return isAboveNumbers && units.every((unit) => unit === undefined || findUnitBySymbol(unit) !== undefined);
}
