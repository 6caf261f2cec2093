import { DbResult } from "@itwin/core-bentley";

/** Whether an error of the operating system or of SQLite means that a disk is full. */
export function isDiskFull(error: unknown): boolean {
  const { code, errorNumber } = (error ?? {}) as { code?: unknown; errorNumber?: unknown };
  return code === "ENOSPC" || errorNumber === DbResult.BE_SQLITE_FULL;
}
