import { constants, copyFileSync, existsSync, rmSync, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { ConnectorError } from "../ConnectorError.js";
import { syncFile, syncFolder } from "../files/syncToDisk.js";
import { logSuffixes, recoverDatabase } from "./recovery.js";

const sidecars = ["-shm", ...logSuffixes];

/** What tells whether a file was touched: inode, size and time of the last change, of its journal too. */
export type FileState = string | undefined;

/** The file on which a run works before it takes the place of the iModel. A dead run may leave one behind. */
export function workingCopyOf(imodelPath: string): string {
  return `${imodelPath}.working`;
}

/** Removes a database file with all that SQLite keeps beside it. */
export function removeDatabase(path: string): void {
  for (const file of [path, ...sidecars.map((suffix) => path + suffix)]) rmSync(file, { force: true });
}

/** Copies an iModel that no other process is writing. Shares the blocks of the file where the file system can. */
export function copyDatabase(from: string, to: string): FileState {
  settle(from);
  const state = fileState(from);
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  return state;
}

/**
 * Copies an iModel as it was saved last, also one that a program has open. Nothing is written beside the original.
 * @returns false where another program is writing the copy
 */
export function copySaved(from: string, to: string): boolean {
  removeDatabase(to);
  for (const suffix of ["", ...logSuffixes])
    if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix, constants.COPYFILE_FICLONE);
  return recoverDatabase(to);
}

/**
 * Puts the finished copy in the place of the iModel. A crash at any point leaves either the old or the new file, whole.
 * @param expected the state in which the iModel was copied; another one means that a program has written to it since
 */
export async function replaceDatabase(imodelPath: string, copy: string, expected: FileState): Promise<void> {
  refuseIfUnfinished(copy);
  await syncFile(copy);
  refuseIfTouched(imodelPath, expected);
  // What a reader of the old file left beside it would be taken for the log of the new one.
  for (const suffix of sidecars) rmSync(imodelPath + suffix, { force: true });
  await rename(copy, imodelPath);
  await syncFolder(dirname(imodelPath));
}

/** What is still in the log did not make it into the file, and would be lost with the log. */
function refuseIfUnfinished(copy: string): void {
  const left = sizeOf(`${copy}-wal`);
  if (left > 0) throw new Error(`${left} bytes of the write-ahead log were not brought into ${copy}`);
}

function fileState(path: string): FileState {
  if (!existsSync(path)) return undefined;
  const files = [path, `${path}-journal`].filter(existsSync).map((file) => statSync(file));
  return files.map(({ ino, size, mtimeMs }) => `${ino}/${size}/${mtimeMs}`).join();
}

function refuseIfTouched(imodelPath: string, expected: FileState): void {
  if (fileState(imodelPath) === expected && sizeOf(`${imodelPath}-wal`) === 0) return;
  throw new ConnectorError("imodel/touched", `${imodelPath} was written by another program during the run.`, {
    recovery: "retriable",
    advice: "Close the iModel in other programs, and start again.",
  });
}

/** Puts the file in order after a program that died, or that is just reading; what that takes is beside the file. */
function settle(path: string): void {
  if (logSuffixes.every((suffix) => sizeOf(path + suffix) === 0) || recoverDatabase(path)) return;
  throw new ConnectorError("imodel/in-use", `${path} is being written by another program.`, {
    recovery: "retriable",
    advice: "Close the iModel there, and start again.",
  });
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}
