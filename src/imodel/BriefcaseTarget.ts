import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Element, LockConflict, type IModelDb } from "@itwin/core-backend";
import { expectDefined, IModelHubStatus, IModelStatus, Logger } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { BriefcaseFolder, type HeldBriefcase } from "./BriefcaseFolder.js";
import { explainDiskFull, RoomWatch } from "../files/diskSpace.js";
import { bytesToSave } from "./bytesToSave.js";
import { findOfClass } from "./elementQueries.js";
import type { IModelTarget, IModelVersionInfo, JobElements } from "./IModelTarget.js";
import { JobBriefcase } from "./JobBriefcase.js";
import { hubRouter, upgradeFile, type Upgrades } from "./native.js";
import { freeSwappedValues, readFreed, settleFreedValues, watchUniqueValues } from "./swappedValues.js";
import { copySaved } from "./workingCopy.js";
import type { OpenVersionedIModel, VersionedIModel } from "./VersionedIModel.js";

/**
 * How a run waits for what another run holds.
 * @public
 */
export interface LockWaitOptions {
  /** How often a run asks again for a lock that is held. Default: 60. */
  lockRetries?: number;
  /** How long it waits in between, in milliseconds; half of it at least, at random. Default: 2000. */
  lockRetryDelay?: number;
}

/** So often does a push pull and try again when others push at the same time, waiting for up to so many milliseconds. */
const [mergeRetries, mergeRetryDelay] = [100, 200];

/** An iModel with the briefcase that a run has of it. It is kept when the briefcase is given back. */
interface OpenedIModel {
  readonly imodel: VersionedIModel;
  readonly briefcases: BriefcaseFolder;
  readonly path: string;
  readonly room: RoomWatch;
  db: JobBriefcase;
}

/**
 * A versioned iModel. A run works in a briefcase, which is kept in the cache directory for the next one, and pushes once.
 */
export class BriefcaseTarget implements IModelTarget {
  private _openedIModel?: OpenedIModel;
  /** Gives back what this process holds of the iModel; absent when it holds nothing. */
  private _release?: () => void;
  private _isNew = false;
  private _isPushed = false;
  private _leftToOthers = false;

  public constructor(
    private readonly _openIModel: OpenVersionedIModel,
    private readonly _cacheDirectory: string,
    private readonly _upgrades: Upgrades,
    private readonly _options: LockWaitOptions = {},
  ) {}

  public get path(): string | undefined {
    return this._openedIModel?.path;
  }

  public get isNew(): boolean {
    return this._isNew;
  }

  public get version(): IModelVersionInfo | undefined {
    if (this._openedIModel === undefined) return undefined;
    const { imodel, db } = this._openedIModel;
    const { iModelId, place } = imodel;
    const { index = 0, id } = db.changeset;
    return { iModelId, place, changesetIndex: index, changesetId: id, isPushed: this._isPushed };
  }

  public async open(create = true): Promise<IModelDb> {
    const imodel = await this._openIModel(create);
    const unroute = hubRouter().add(imodel.iModelId, imodel.hub);
    this._release = unroute;
    const briefcases = new BriefcaseFolder(this._cacheDirectory, imodel);
    const [{ path, lock }, db] = await briefcases.open();
    this._release = () => {
      lock.release();
      unroute();
    };
    const room = new RoomWatch(dirname(path), () => this._bytesToSave());
    this._openedIModel = { imodel, briefcases, path, room, db };
    this.ensureRoom();
    await this._pull();
    return this._upgrade();
  }

  public async lock(find?: (imodel: IModelDb) => JobElements | undefined): Promise<void> {
    const { db } = this._opened;
    for (let retries = 0; ;) {
      const job = db.txns.hasPendingTxns ? undefined : find?.(db); // an upgrade changes schemas
      this._leftToOthers = job !== undefined;
      try {
        await db.locks.acquireLocks(job ?? { exclusive: IModel.repositoryModelId });
        await this._pull();
        await settleWhatIsFree(db);
        watchUniqueValues(db);
        return;
      } catch (error) {
        if (isOf(error, IModelHubStatus.PullIsRequired)) await this._pullOr(error);
        else if (error instanceof LockConflict) await this._waitFor(error, retries++);
        else throw error;
      }
    }
  }

  public copyBefore(to: string): void {
    copySaved(this._opened.path, to);
  }

  public needsWholeLock(error: unknown): boolean {
    if (!this._leftToOthers) return false;
    const signs = [IModelStatus.LockNotHeld, IModelHubStatus.PullIsRequired];
    return causesOf(error).some((cause) => cause instanceof LockConflict || signs.some((sign) => isOf(cause, sign)));
  }

  public isWorthRecording(): boolean {
    return this._opened.db.txns.hasLocalChanges;
  }

  public async commit(description: string): Promise<void> {
    const { db } = this._opened;
    this.ensureRoom();
    const areSwapped = freeSwappedValues(db);
    db.saveChanges(description);
    if (db.txns.hasPendingTxns) await this._push(description);
    if (areSwapped) await this._pushSwapped(`${description} (codes and GUIDs that changed places)`);
    await this._close();
  }

  public ensureRoom(): void {
    this._openedIModel?.room.check();
  }

  public beforeWrite(): void {
    this._openedIModel?.room.beforeWrite();
  }

  public explain(error: unknown): unknown {
    if (this._openedIModel === undefined) return error;
    const { imodel, path } = this._openedIModel;
    return error instanceof LockConflict ? lockedError(imodel, error) : explainDiskFull(error, dirname(path));
  }

  public async abandon(): Promise<void> {
    const db = this._openedIModel?.db;
    if (db?.isOpen) db.abandonChanges();
    await this._close();
  }

  private get _opened(): OpenedIModel {
    if (this._openedIModel === undefined) throw new Error("the iModel is not open");
    return this._openedIModel;
  }

  private _bytesToSave(): number {
    const { db } = this._opened;
    return db.isOpen ? bytesToSave(db) : 0;
  }

  /** The upgrade goes out with what the run pushes. */
  private async _upgrade(): Promise<JobBriefcase> {
    const opened = this._opened;
    opened.db.close();
    upgradeFile(opened.path, this._upgrades);
    opened.db = await JobBriefcase.openAsItIs(opened.path);
    return opened.db;
  }

  private async _pull(): Promise<void> {
    const { db } = this._opened;
    await db.pullChanges();
    this._isNew = db.changeset.id === "";
  }

  /** Pulls where a lock demands it. Where nothing comes of that, it would not the next time either. */
  private async _pullOr(error: unknown): Promise<void> {
    const { db } = this._opened;
    const { id } = db.changeset;
    await this._pull();
    if (db.changeset.id === id) throw error;
  }

  /** Pulls and pushes until nobody else has pushed in between. */
  private async _push(description: string): Promise<void> {
    const { imodel, db } = this._opened;
    for (let retries = mergeRetries; ; retries--)
      try {
        // Locks are retained: core-backend takes a push for a failure when only its locks cannot be released.
        await db.pushChanges({ description, retainLocks: true, mergeRetryCount: 0 });
        break;
      } catch (error) {
        if (retries === 0 || !isOf(error, IModelHubStatus.PullIsRequired)) throw error;
        await this._refuseOtherHistory();
        await setTimeout(mergeRetryDelay * Math.random());
      }
    this._isPushed = true;
    await attempt("The checkpoint", () => imodel.afterPush(db.changeset.index ?? 0));
  }

  /** The second push of a run in which codes or federation GUIDs changed places. */
  private async _pushSwapped(description: string): Promise<void> {
    const { db } = this._opened;
    settleFreedValues(db, db.briefcaseId, expectDefined(readFreed(db).get(db.briefcaseId)));
    db.saveChanges(description);
    await this._push(description);
  }

  /** No push can succeed any more where the iModel was restored from a backup, or replaced, during the run. */
  private async _refuseOtherHistory(): Promise<void> {
    const { imodel, db } = this._opened;
    const { id, index } = db.changeset;
    if (await imodel.knows({ id, index })) return;
    const message = `${imodel.place} does not have changeset ${index}, which this run began with.`;
    throw new ConnectorError("imodel/history-changed", message, {
      recovery: "retriable",
      advice: "It was restored or replaced during the run. Start again: the run takes a fresh briefcase.",
    });
  }

  /** Waits before a lock is asked for again, and gives back what a run that died has held in a briefcase of ours. */
  private async _waitFor(conflict: LockConflict, retries: number): Promise<void> {
    const { imodel, briefcases } = this._opened;
    const dead = briefcases.tryHold(conflict.briefcaseId);
    if (dead !== undefined) return this._releaseLocksOf(dead);
    const { lockRetries = 60, lockRetryDelay = 2000 } = this._options;
    if (!(retries < lockRetries)) throw lockedError(imodel, conflict); // NaN is no licence to wait for ever
    Logger.logInfo(ConnectorLoggerCategory.Framework, `waiting for a lock of ${conflict.briefcaseAlias}`);
    await setTimeout((lockRetryDelay / 2) * (1 + Math.random()));
  }

  private async _releaseLocksOf({ id, lock }: HeldBriefcase): Promise<void> {
    const { imodel, db } = this._opened;
    const { iModelId, hub } = imodel;
    try {
      await hub.releaseAllLocks({ iModelId, briefcaseId: id, changeset: db.changeset });
    } finally {
      lock.release();
    }
  }

  private async _close(): Promise<void> {
    const db = this._openedIModel?.db;
    try {
      const giveBack = async () => db?.isOpen && (await db.reset());
      await (this._isPushed ? attempt("The release of the locks", giveBack) : giveBack());
    } finally {
      if (db?.isOpen) db.close();
      this._release?.();
      this._release = undefined;
    }
  }
}

/**
 * Does what a run that died between its two pushes has left undone. Elements that another run has locked are left to it: it
 * may be that very run.
 */
async function settleWhatIsFree(db: JobBriefcase): Promise<void> {
  for (const [briefcaseId, freed] of readFreed(db))
    try {
      const freedIds = freed.map(({ id }) => id);
      const ids = findOfClass(db, freedIds, Element.classFullName);
      await db.locks.acquireLocks({ exclusive: [...ids] });
      for (const id of ids) db.channels.addAllowedChannel(db.channels.getChannelKey(id));
      settleFreedValues(db, briefcaseId, freed);
    } catch (error) {
      if (!(error instanceof LockConflict)) throw error;
    }
}

function lockedError(imodel: VersionedIModel, conflict: LockConflict): ConnectorError {
  const { briefcaseAlias, briefcaseId, message } = conflict;
  const what = `${imodel.place} is in use by ${briefcaseAlias} (briefcase ${briefcaseId}): ${message}`;
  const release = imodel.releaseAdvice(briefcaseId);
  return new ConnectorError("imodel/locked", `${what}.`, {
    recovery: "retriable",
    advice: `Wait until that run has ended, and start again; if none is going on there, ${release}.`,
  });
}

/** Does what may fail when the push is done: the next run makes up for it. */
async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    Logger.logWarning(ConnectorLoggerCategory.Framework, `${what} failed: ${messageOf(error)}`);
  }
}

function isOf(error: unknown, errorNumber: number): boolean {
  return (error as { errorNumber?: number } | undefined)?.errorNumber === errorNumber;
}

function causesOf(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}
