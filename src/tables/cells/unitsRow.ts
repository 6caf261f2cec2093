import { findUnitBySymbol } from "../../units/findUnit.js";

/** What stands in a row of units for a column without one. */
const noUnit = new Set(["", "-", "--", "1", "[]", "[-]", "(-)"]);

/** The units in a row, without brackets. */
export function unitsIn(texts: readonly string[], width: number): (string | undefined)[] {
  return Array.from({ length: width }, (_, column) => unitIn(texts[column] ?? ""));
}

function unitIn(text: string): string | undefined {
  return noUnit.has(text) ? undefined : text.replace(/^[[(](.*)[\])]$/, "$1").trim();
}

/** Whether a row below a header is certainly one of units: it holds nothing else, above columns of numbers. */
export function isUnitsRow(texts: readonly string[], width: number, isOfNumbers: (column: number) => boolean): boolean {
  const units = unitsIn(texts, width);
  const isAboveNumbers = units.some((unit, column) => unit !== undefined && isOfNumbers(column));
  return isAboveNumbers && units.every((unit) => unit === undefined || findUnitBySymbol(unit) !== undefined);
}
