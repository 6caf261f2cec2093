import { digestOfText } from "../../connector/stream/entityItem.js";
import type { CellContent } from "../cells/CellContent.js";
import type { TableRow } from "../format/TableReader.js";

/** Bytes of a digest: enough that no two blocks ever have the same one. */
const digestBytes = 12;

/** So many characters a digest has. */
export const digestLength = 16;

/** A hash of all that rows hold, without their numbers. */
export function digestOfRows(rows: readonly TableRow[]): string {
  return digestOfText(JSON.stringify(rows.map(plainRow)), digestBytes);
}

/** Cells without those that JSON has no words for, and the shape of the row. */
function plainRow({ cells, shape }: TableRow): unknown {
  const plain = cells.every(isPlain) ? cells : cells.map((cell) => (isPlain(cell) ? cell : describe(cell)));
  return shape === undefined ? plain : [plain, shape.data];
}

/** Whether JSON tells a cell from any other. An empty one may be undefined, null or both. */
function isPlain(cell: CellContent): boolean {
  if (typeof cell === "number") return Number.isFinite(cell) && !Object.is(cell, -0);
  return typeof cell === "string" || typeof cell === "boolean" || cell === undefined || cell === null;
}

function describe(cell: CellContent): readonly string[] {
  if (cell instanceof Date) return ["date", `${cell.getTime()}`];
  return [typeof cell, Object.is(cell, -0) ? "-0" : `${cell}`];
}
