import { textOf } from "../cells/columnTypes.js";
import { isEmpty } from "../cells/CellContent.js";
import type { TableRow } from "../format/TableReader.js";

/**
 * The identifier of a row: what its column holds or, where several columns tell rows apart, what they hold with bars
 * between. A bar within a cell is escaped, so that no two rows are taken for one. Empty where there is none.
 */
export function idOf({ cells }: TableRow, columns: readonly number[]): string {
  if (columns.every((column) => isEmpty(cells[column]))) return "";
  return joinId(columns.map((column) => textOf(cells[column])));
}

/** Parts of an identifier as one. */
export function joinId(parts: readonly string[]): string {
  const escaped = parts.length === 1 ? parts : parts.map((part) => part.replace(/[\\|]/g, "\\$&"));
  return escaped.join("|");
}
