import { existsSync, openSync, readSync, closeSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { makeTemporaryFolder } from "../files/temporaryFolder.js";
import { openSnapshot } from "../imodel/openSnapshot.js";
import { logSuffixes } from "../imodel/recovery.js";
import { copySaved } from "../imodel/workingCopy.js";

/** An iModel that was opened, and how to close it. */
export interface OpenedIModel {
  readonly imodel: IModelDb;
  readonly close: () => void;
}

/**
 * Opens an iModel of any kind for reading. The file, and the folder that it is in, stay as they are.
 * @throws ConnectorError `usage/...`
 */
export function openForReading(path: string): OpenedIModel {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new ConnectorError("usage/missing-imodel", `There is no iModel at ${file}.`, { advice: "Check the path." });
  try {
    return needsRecovery(file) ? openCopy(file) : open(file);
  } catch (error) {
    throw new ConnectorError("usage/not-an-imodel", `${file} cannot be read as an iModel: ${messageOf(error)}`, {
      cause: error,
      advice: "Give an iModel (.bim) that this version of the platform can open and that you may read.",
    });
  }
}

function open(file: string): OpenedIModel {
  const imodel = openSnapshot(file);
  return { imodel, close: () => imodel.close() };
}

/** SQLite would write beside such a file, or into it, even to read it. */
function needsRecovery(file: string): boolean {
  return isInWalMode(file) || logSuffixes.some((suffix) => existsSync(file + suffix));
}

/** Bytes 18 and 19 of an SQLite file are 2 where it keeps a write-ahead log. */
function isInWalMode(file: string): boolean {
  const header = Buffer.alloc(20);
  const handle = openSync(file, "r");
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  return header[18] === 2 || header[19] === 2;
}

function openCopy(file: string): OpenedIModel {
  const { path: folder, remove } = makeTemporaryFolder();
  try {
    const copy = join(folder, basename(file));
    if (!copySaved(file, copy)) throw new Error("its log cannot be read");
    const { imodel, close } = open(copy);
    return {
      imodel,
      close: () => {
        close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
