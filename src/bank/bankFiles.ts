import { constants } from "node:fs";
import { copyFile } from "node:fs/promises";
import { ConnectorError } from "../ConnectorError.js";
import type { FileStamp } from "../files/fileStamp.js";
import { isDiskFull } from "../files/isDiskFull.js";
import { placeDurably } from "../files/placeDurably.js";

/**
 * Writes a file of a bank, which appears under its name only when it is complete and on the disk.
 * @throws ConnectorError `bank/disk-full`
 */
export async function placeInBank(to: string, write: (path: string) => Promise<void>): Promise<FileStamp> {
  try {
    return await placeDurably(to, write);
  } catch (error) {
    throw isDiskFull(error) ? bankDiskFull(to, error) : error;
  }
}

/**
 * Copies a file into a bank in the same way. The copy shares blocks with the original where the file system can do so.
 * @throws ConnectorError `bank/disk-full`
 */
export async function copyIntoBank(from: string, to: string): Promise<FileStamp> {
  return placeInBank(to, (unfinished) => copyFile(from, unfinished, constants.COPYFILE_FICLONE));
}

/**
 * The error for a bank whose disk is full.
 * @param path - the file of the bank for which there is no room
 */
export function bankDiskFull(path: string, cause?: unknown): ConnectorError {
  return new ConnectorError("bank/disk-full", `The disk of the bank is full: there is no room for ${path}.`, {
    cause,
    recovery: "retriable",
    advice: "Free some space there, and start again.",
  });
}
