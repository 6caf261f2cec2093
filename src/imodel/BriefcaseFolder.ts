import { readdirSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { DbResult, Logger, type GuidString } from "@itwin/core-bentley";
import type { BriefcaseId } from "@itwin/core-common";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { makeCacheFolder } from "../files/makeFolder.js";
import { thisUser } from "../files/thisUser.js";
import { orUndo } from "../files/undoAtExit.js";
import { JobBriefcase } from "./JobBriefcase.js";
import { RunLock } from "../files/RunLock.js";
import type { VersionedIModel } from "./VersionedIModel.js";
import { removeDatabase } from "./workingCopy.js";

/** What SQLite answers where it may well open the file at another time. */
const passingResults = new Set<unknown>([
  DbResult.BE_SQLITE_BUSY,
  DbResult.BE_SQLITE_CANTOPEN,
  DbResult.BE_SQLITE_FULL,
  DbResult.BE_SQLITE_NOMEM,
  DbResult.BE_SQLITE_PERM,
  DbResult.BE_SQLITE_READONLY,
]);

/** A briefcase that no other run can use until its lock is released. */
export interface HeldBriefcase {
  id: BriefcaseId;
  path: string;
  lock: RunLock;
}

/** Where a cache directory has the briefcases of an iModel. */
export function briefcasesPath(cacheDirectory: string, iModelId: GuidString): string {
  return join(cacheDirectory, "briefcases", iModelId);
}

/**
 * The briefcases of one iModel in the cache directory, as `<id>.bim`. Each is used by one run at a time; a run takes the
 * first that is free, and only when all are in use is another one made.
 */
export class BriefcaseFolder {
  private readonly _folder: string;

  public constructor(
    cacheDirectory: string,
    private readonly _imodel: VersionedIModel,
  ) {
    this._folder = briefcasesPath(cacheDirectory, _imodel.iModelId);
  }

  /** Opens a briefcase that is here and free, or makes one. It has no changes, and holds no locks. */
  public async open(): Promise<[HeldBriefcase, JobBriefcase]> {
    makeCacheFolder(this._folder, "imodel");
    const own = await this._imodel.hub.getMyBriefcaseIds({ iModelId: this._imodel.iModelId });
    for (const id of this._ids()) {
      const held = this.tryHold(id);
      if (held === undefined) continue;
      const db = await orFree(held, () => this._openOrRemove(held, own.includes(id)));
      if (db !== undefined) return [held, db];
    }
    return this._make();
  }

  /** Takes a certain briefcase, unless it is not here or in use. */
  public tryHold(id: BriefcaseId): HeldBriefcase | undefined {
    if (!this._ids().includes(id)) return undefined;
    try {
      return this._hold(id);
    } catch (error) {
      if (error instanceof ConnectorError && error.code === "imodel/in-use") return undefined;
      throw error;
    }
  }

  private _hold(id: BriefcaseId): HeldBriefcase {
    const path = this._pathOf(id);
    return { id, path, lock: RunLock.acquire(path) };
  }

  private async _openOrRemove(held: HeldBriefcase, isOwn: boolean): Promise<JobBriefcase | undefined> {
    const db = isOwn ? await this._tryOpen(held) : undefined;
    if (db !== undefined && (await orClose(db, () => this._isUsable(db)))) {
      await orClose(db, () => db.locks.releaseAllLocks());
      return db;
    }
    db?.close();
    removeFiles(held);
    return undefined;
  }

  /** What a briefcase has beyond the history of the iModel is lost: the iModel was restored from a backup, or replaced. */
  private async _isUsable(db: JobBriefcase): Promise<boolean> {
    const { id, index } = db.changeset;
    const isOwnId = await this._imodel.gaveOut(db);
    if (isOwnId && (await this._imodel.knows({ id, index }))) return true;
    const what = isOwnId
      ? `is at changeset ${index}, which ${this._imodel.place} does not have`
      : "has an id of another one";
    const message = `${db.pathName} ${what}: a fresh briefcase takes its place`;
    Logger.logWarning(ConnectorLoggerCategory.Framework, message);
    if (isOwnId) await this._release(db.briefcaseId);
    return false;
  }

  /** A briefcase that is damaged is given up: whatever was in it, the hub has all that was pushed. */
  private async _tryOpen({ path, id }: HeldBriefcase): Promise<JobBriefcase | undefined> {
    try {
      return await JobBriefcase.openClean(path);
    } catch (error) {
      if (passingResults.has((error as { errorNumber?: number }).errorNumber)) throw error;
      Logger.logWarning(ConnectorLoggerCategory.Framework, `${path} cannot be opened: ${messageOf(error)}`);
      await this._release(id);
      return undefined;
    }
  }

  private async _release(briefcaseId: BriefcaseId): Promise<void> {
    await this._imodel.hub.releaseBriefcase({ iModelId: this._imodel.iModelId, briefcaseId });
  }

  private async _make(): Promise<[HeldBriefcase, JobBriefcase]> {
    const held = await this._acquire();
    const db = await orFree(held, async () => {
      removeFiles(held);
      await this._write(held);
      return JobBriefcase.openClean(held.path);
    });
    return [held, db];
  }

  /** A copy of the iModel in another place may have given out the same id, for a file that a run is using. */
  private async _acquire(): Promise<HeldBriefcase> {
    const { hub, iModelId } = this._imodel;
    const names = { briefcaseAlias: `${thisUser()} on ${hostname()}`, deviceName: hostname() };
    for (;;) {
      const id = await hub.acquireNewBriefcaseId({ iModelId, ...names });
      const held = this._ids().includes(id) ? this.tryHold(id) : this._hold(id);
      if (held !== undefined) return held;
      await this._release(id);
    }
  }

  private async _write({ id, path }: HeldBriefcase): Promise<void> {
    const unfinished = `${path}.unfinished`;
    const write = async () => {
      await this._imodel.writeBriefcase(unfinished, id);
      await rename(unfinished, path);
    };
    try {
      await orUndo(write, () => removeDatabase(unfinished));
    } catch (error) {
      await this._release(id);
      throw error;
    }
  }

  private _ids(): BriefcaseId[] {
    const ids = readdirSync(this._folder).flatMap((name) => /^(\d+)\.bim$/.exec(name)?.[1] ?? []);
    return ids.map(Number).sort((a, b) => a - b);
  }

  private _pathOf(id: BriefcaseId): string {
    return join(this._folder, `${id}.bim`);
  }
}

/** Opens a briefcase that is held. Where nothing comes of that, others can have it. */
async function orFree<T extends JobBriefcase | undefined>({ lock }: HeldBriefcase, open: () => Promise<T>): Promise<T> {
  let db: T | undefined;
  try {
    return (db = await open());
  } finally {
    if (db === undefined) lock.release();
  }
}

/** Asks the hub about a briefcase. A hub that refuses for a while is no fault of the briefcase. */
async function orClose<T>(db: JobBriefcase, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    db.close();
    throw error;
  }
}

function removeFiles({ path }: HeldBriefcase): void {
  removeDatabase(path);
  rmSync(`${path}-locks`, { force: true });
}
