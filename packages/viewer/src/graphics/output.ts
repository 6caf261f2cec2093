import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { ConnectorError } from "itwin-connector-framework";
import { isDiskFull } from "itwin-connector-framework/internal";

/**
 * Refuses to replace what exists, unless that is asked for.
 * @throws ConnectorError `usage/file-exists`
 */
export function checkOutput(path: string, overwrite = false): void {
  if (overwrite || !existsSync(path)) return;
  const advice = "Choose another name, or give --overwrite.";
  throw new ConnectorError("usage/file-exists", `${path} already exists.`, { advice });
}

/** An error of writing as what it comes from, if that is a full disk. */
export function explainFullDisk(error: unknown, path: string): unknown {
  if (!isDiskFull(error)) return error;
  const message = `The disk is full: ${dirname(path)} has no room for the export.`;
  const advice = "Free some space, or choose another place.";
  return new ConnectorError("viewer/disk-full", message, { cause: error, recovery: "retriable", advice });
}
