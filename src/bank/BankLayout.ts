import { createHash, randomUUID } from "node:crypto";
import { constants, createReadStream, existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { GuidString } from "@itwin/core-bentley";
import type { ChangesetId, ChangesetIndex } from "@itwin/core-common";
import { bankDiskFull, isDiskFull } from "../files/isDiskFull.js";
import { syncFile, syncFolder } from "../files/syncToDisk.js";

/** What tells whether a file is the one that was put there. */
export interface FileStamp {
  /** In bytes. */
  size: number;
  /** SHA-256, in hexadecimal digits. */
  checksum: string;
}

/** Ends the names of files that are being written; a process that dies leaves them behind. */
export const unfinishedSuffix = ".unfinished";

/** Where a bank keeps what. */
export class BankLayout {
  public constructor(public readonly folder: string) {}

  public get state(): string {
    return join(this.folder, "bank.db");
  }

  public get iModels(): string {
    return join(this.folder, "imodels");
  }

  public iModel(iModelId: GuidString): string {
    return join(this.iModels, iModelId);
  }

  public changesets(iModelId: GuidString): string {
    return join(this.iModel(iModelId), "changesets");
  }

  public changeset(iModelId: GuidString, id: ChangesetId): string {
    return join(this.changesets(iModelId), `${id}.changeset`);
  }

  public checkpoints(iModelId: GuidString): string {
    return join(this.iModel(iModelId), "checkpoints");
  }

  public checkpoint(iModelId: GuidString, index: ChangesetIndex): string {
    return join(this.checkpoints(iModelId), `${index}.bim`);
  }
}

/** Copies a file such that it is there whole, and on the disk, or not at all; blocks are shared where that is possible. */
export async function copyDurably(from: string, to: string): Promise<FileStamp> {
  return placeDurably(to, (unfinished) => copyFile(from, unfinished, constants.COPYFILE_FICLONE));
}

/**
 * Lets `write` make a file that takes its place when it is whole, and on the disk.
 * @throws ConnectorError `bank/disk-full`
 */
export async function placeDurably(to: string, write: (path: string) => Promise<void>): Promise<FileStamp> {
  const unfinished = `${to}.${randomUUID()}${unfinishedSuffix}`;
  try {
    await mkdir(dirname(to), { recursive: true });
    await write(unfinished);
    const stamp = await stampOf(unfinished);
    await syncFile(unfinished);
    await rename(unfinished, to);
    await syncFolder(dirname(to));
    return stamp;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isDiskFull(error) ? bankDiskFull(to, error) : error;
  }
}

/** Size and checksum of a file. */
export async function stampOf(path: string): Promise<FileStamp> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { size: (await stat(path)).size, checksum: hash.digest("hex") };
}

/** What is wrong with a file. */
export type FileFault = "missing" | "altered";

/** What is wrong with a file, or undefined. */
export async function faultOf(path: string, expected: FileStamp): Promise<FileFault | undefined> {
  if (!existsSync(path)) return "missing";
  const { size, checksum } = await stampOf(path);
  return size === expected.size && checksum === expected.checksum ? undefined : "altered";
}
