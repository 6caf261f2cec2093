import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { stampOf, type FileStamp } from "./fileStamp.js";
import { syncFile, syncFolder } from "./syncToDisk.js";
import { orUndo } from "./undoAtExit.js";

/** Ends the names of files that are being written. A process that dies leaves such files behind. */
export const unfinishedSuffix = ".unfinished";

/**
 * Makes a file appear under its name only when it is complete and on the disk.
 * @param to - the path of the file; its folder is created if it is missing
 * @param write - writes the content to a temporary path in the same folder
 */
export async function placeDurably(to: string, write: (path: string) => Promise<void>): Promise<FileStamp> {
  const unfinished = `${to}.${randomUUID()}${unfinishedSuffix}`;
  const place = async () => {
    await mkdir(dirname(to), { recursive: true });
    await write(unfinished);
    const stamp = await stampOf(unfinished);
    await syncFile(unfinished);
    await rename(unfinished, to);
    await syncFolder(dirname(to));
    return stamp;
  };
  return orUndo(place, () => rmSync(unfinished, { force: true }));
}
