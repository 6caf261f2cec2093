import type { LineItem } from "../records.js";

/** Whether all numbers of some items are numbers. */
export function areFinite(items: readonly LineItem[]): boolean {
  return isFiniteDeep(items);
}

function isFiniteDeep(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isFiniteDeep);
}
