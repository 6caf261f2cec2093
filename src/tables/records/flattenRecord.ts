import type { CellContent } from "../cells/CellContent.js";

/** A record of the source: objects within objects, as JSON has them. */
export type RecordFields = Readonly<Record<string, unknown>>;

/**
 * The values of a record by their paths, such as `position.x`. A list is one value: its JSON. What is null has no value.
 * @param onSamePath - is told of a path that two values have, as a key may hold a point itself
 */
export function flattenRecord(
  record: RecordFields,
  onSamePath: (path: string) => void,
  cells = new Map<string, CellContent>(),
  prefix = "",
): Map<string, CellContent> {
  for (const key of Object.keys(record)) {
    const path = prefix + key;
    const value = record[key];
    if (isObject(value)) flattenRecord(value, onSamePath, cells, `${path}.`);
    else if (cells.has(path)) onSamePath(path);
    else cells.set(path, contentOf(value));
  }
  return cells;
}

function isObject(value: unknown): value is RecordFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function contentOf(value: unknown): CellContent {
  return Array.isArray(value) ? JSON.stringify(value) : (value as CellContent);
}
