import { Id64, type Id64String } from "@itwin/core-bentley";

/** Whether a value, which may be anything, is the id of an element or another instance. */
export function isId(value: unknown): value is Id64String {
  return typeof value === "string" && Id64.isValidId64(value);
}
