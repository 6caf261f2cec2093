import { cellValue, covers, typeOfCell, type CellValue, type ColumnType } from "./columnTypes.js";
import type { CellContent } from "./CellContent.js";

const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const limits: Partial<Record<ColumnType, readonly [least: number, most: number]>> = {
  int: [-(2 ** 31), 2 ** 31 - 1],
  long: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};
const truths = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["false", false],
  ["0", false],
  ["no", false],
]);

/**
 * A cell as a value of a type that someone has declared: more is taken than is inferred, such as `007` for a number. The
 * cell is not empty.
 * @returns undefined where the cell is no such value
 */
export function declaredValue(content: CellContent, type: ColumnType): CellValue | undefined {
  if (type === "string") return cellValue(content, type);
  const text = String(content).trim();
  if (type === "boolean") return truths.get(text.toLowerCase());
  if (type === "int" || type === "long" || type === "double") return numberOf(text, type);
  return timeOf(content, type);
}

function numberOf(text: string, type: ColumnType): number | undefined {
  const value = Number(text);
  if (!numberForm.test(text) || !Number.isFinite(value)) return undefined;
  const [least, most] = limits[type] ?? [-Infinity, Infinity];
  const isWhole = type === "double" || Number.isInteger(value);
  return isWhole && value >= least && value <= most ? value : undefined;
}

function timeOf(content: CellContent, type: ColumnType): CellValue | undefined {
  if (content instanceof Date && type === "date") return content.toISOString().slice(0, 10);
  const text = typeof content === "string" ? content.trim().replace(/^(\d{4}-\d\d-\d\d) /, "$1T") : content;
  const found = typeOfCell(text, { isText: false, hasDatesAsText: true });
  return covers(type, found) ? cellValue(text, type) : undefined;
}
