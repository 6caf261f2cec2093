import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConnectorError } from "itwin-connector-framework";
import { isDiskFull } from "itwin-connector-framework/internal";

/** Where an export is written. */
export interface Output {
  readonly path: string;
  readonly kind: "file" | "folder";
  /** The path of the iModel that is exported. */
  readonly source: string;
  /** Whether what exists at the path is replaced. */
  readonly overwrite?: boolean;
}

/**
 * Refuses to replace what exists, unless that is asked for and it may be an earlier export.
 * @throws ConnectorError `usage/file-exists`
 */
export function checkOutput(output: Output): void {
  const { path, overwrite = false } = output;
  if (!existsSync(path)) return;
  const refuse = (message: string, advice: string) => {
    throw new ConnectorError("usage/file-exists", `${path} ${message}.`, { advice });
  };
  if (isSame(path, output.source)) refuse("is the iModel itself", "Choose another name.");
  if (!overwrite) refuse("already exists", "Choose another name, or give --overwrite.");
  if (!isReplaceable(output)) refuse("is not an earlier export", "Choose another name, or remove it.");
}

function isSame(path: string, source: string): boolean {
  return existsSync(source) && realpathSync(path) === realpathSync(source);
}

/** A folder of the user must not vanish because its name is given for a tileset. */
function isReplaceable({ path, kind }: Output): boolean {
  if (statSync(path).isDirectory() !== (kind === "folder")) return false;
  return kind === "file" || existsSync(join(path, "tileset.json")) || readdirSync(path).length === 0;
}

/** An error of writing as what it comes from, if that is a full disk. */
export function explainFullDisk(error: unknown, path: string): unknown {
  if (!isDiskFull(error)) return error;
  const message = `The disk is full: ${dirname(path)} has no room for the export.`;
  const advice = "Free some space, or choose another place.";
  return new ConnectorError("viewer/disk-full", message, { cause: error, recovery: "retriable", advice });
}
