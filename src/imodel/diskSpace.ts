import { statfsSync } from "node:fs";
import { DbResult } from "@itwin/core-bentley";
import { ConnectorError } from "../ConnectorError.js";

/**
 * So much must be free for a run to go on, in bytes. An empty iModel takes 1.4 MB, and the native library ends the
 * process when the disk fills up while it creates an iModel or spills its cache, so a run must stop before that.
 */
const margin = 4 * 1024 * 1024;

/**
 * Refuses to go on where the disk is almost full.
 * @throws ConnectorError `imodel/disk-full`
 */
export function ensureDiskSpace(folder: string): void {
  if (freeBytes(folder) < margin) throw diskFull(folder, undefined);
}

/** The error as what it comes from, if that is a full disk; the platform's own messages do not tell. */
export function explainDiskFull(error: unknown, folder: string): unknown {
  if (error instanceof ConnectorError && error.code === "imodel/disk-full") return error;
  return isDiskFull(error) || freeBytes(folder) < margin / 4 ? diskFull(folder, error) : error;
}

function isDiskFull(error: unknown): boolean {
  const { code, errorNumber } = (error ?? {}) as { code?: unknown; errorNumber?: unknown };
  return code === "ENOSPC" || errorNumber === DbResult.BE_SQLITE_FULL;
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity; // not every file system can tell; then the writes themselves will
  }
}

function diskFull(folder: string, cause: unknown): ConnectorError {
  return new ConnectorError("imodel/disk-full", `The disk is full: ${folder} has no room for the iModel.`, {
    cause,
    recovery: "retriable",
    advice: "Free some space, or choose another folder with --outputDir; a run needs room for a copy of the iModel.",
  });
}
