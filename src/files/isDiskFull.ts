import { DbResult } from "@itwin/core-bentley";
import { ConnectorError } from "../ConnectorError.js";

/** Whether an error of the operating system or of SQLite means that a disk is full. */
export function isDiskFull(error: unknown): boolean {
  const { code, errorNumber } = (error ?? {}) as { code?: unknown; errorNumber?: unknown };
  return code === "ENOSPC" || errorNumber === DbResult.BE_SQLITE_FULL;
}

/**
 * The error for a bank whose disk is full.
 * @param path - what has no room, in the bank
 */
export function bankDiskFull(path: string, cause?: unknown): ConnectorError {
  return new ConnectorError("bank/disk-full", `The disk of the bank is full: there is no room for ${path}.`, {
    cause,
    recovery: "retriable",
    advice: "Free some space there, and start again.",
  });
}
