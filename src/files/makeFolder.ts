import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ConnectorError, messageOf } from "../ConnectorError.js";

/**
 * Makes a folder and those that it lies in. `mkdirSync` with `recursive` does not return where the file system has no
 * folders to be made, such as below `/proc`.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // else another program was quicker
  }
}

/** Makes a folder, and refuses one in which no file can be made. */
export function makeWritableFolder(folder: string): void {
  makeFolder(folder);
  if (!statSync(folder).isDirectory()) throw new Error("it is no folder");
  accessSync(folder, constants.W_OK);
}

/**
 * Makes a folder in the cache directory.
 * @param scope - what it is for: the first part of the error's code
 * @throws ConnectorError `<scope>/cache-not-writable`
 */
export function makeCacheFolder(folder: string, scope: "fetch" | "imodel"): void {
  try {
    makeWritableFolder(folder);
  } catch (error) {
    throw new ConnectorError(`${scope}/cache-not-writable`, `Cannot write to ${folder}: ${messageOf(error)}`, {
      cause: error,
      advice: "Choose another folder with --cacheDirectory.",
    });
  }
}
