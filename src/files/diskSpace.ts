import { statfsSync } from "node:fs";
import { ConnectorError } from "../ConnectorError.js";
import { isDiskFull } from "./isDiskFull.js";

/**
 * So much must be free beyond what is known to be needed, in bytes. The native library ends the process when a write
 * to its log fails, wherever that happens, so a run must stop before. An empty iModel takes 1.4 MB.
 */
const margin = 4 * 1024 * 1024;

/** To look at the disk costs a tenth of what it costs to write an element. */
const mostWritesBetweenChecks = 64;

/**
 * Sees to it that a run stops while there is still room on the disk.
 *
 * It looks at the disk only now and then: the faster the room shrinks, the more often, so that large elements are
 * noticed as well as many.
 */
export class RoomWatch {
  private _room?: number;
  private _writes = 0;
  private _writesUntilCheck = 0;

  /** @param _needed - how many bytes the run will still need for what it has written */
  public constructor(
    private readonly _folder: string,
    private readonly _needed: () => number = () => 0,
  ) {}

  /**
   * To be called before each write.
   * @throws ConnectorError `imodel/disk-full`
   */
  public beforeWrite(): void {
    if (this._writes++ >= this._writesUntilCheck) this.check();
  }

  /**
   * Refuses to go on where the disk is almost full.
   * @throws ConnectorError `imodel/disk-full`
   */
  public check(): void {
    const room = freeBytes(this._folder) - this._needed() - margin;
    if (room < 0) throw diskFull(this._folder, undefined);
    const used = (this._room ?? room) - room;
    const writesForHalf = used > 0 ? Math.floor((room / 2) * (this._writes / used)) : Infinity;
    this._writesUntilCheck = Math.min(writesForHalf, mostWritesBetweenChecks);
    this._room = room;
    this._writes = 0;
  }
}

/** The error as what it comes from, if that is this disk and it is full; the platform's own messages do not tell. */
export function explainDiskFull(error: unknown, folder: string): unknown {
  if (error instanceof ConnectorError && error.code.endsWith("/disk-full")) return error;
  return isDiskFull(error) || freeBytes(folder) < margin / 4 ? diskFull(folder, error) : error;
}

function freeBytes(folder: string): number {
  try {
    const { blocks, bavail, bsize } = statfsSync(folder);
    if (blocks > 0) return bavail * bsize;
  } catch {
    // not every file system can tell
  }
  return Infinity; // then the writes themselves will
}

function diskFull(folder: string, cause: unknown): ConnectorError {
  return new ConnectorError("imodel/disk-full", `The disk is full: ${folder} has no room for the iModel.`, {
    cause,
    recovery: "retriable",
    advice: "Free some space, or choose another folder with --outputDir; a run needs room for a copy of the iModel.",
  });
}
