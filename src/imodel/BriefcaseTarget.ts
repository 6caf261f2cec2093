import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { LockConflict, type IModelDb } from "@itwin/core-backend";
import { BeDuration, IModelHubStatus, IModelStatus, Logger } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { BriefcaseFolder, type HeldBriefcase } from "./BriefcaseFolder.js";
import { explainDiskFull, RoomWatch } from "../files/diskSpace.js";
import { bytesToSave } from "./bytesToSave.js";
import type { IModelTarget, IModelVersionInfo, JobElements } from "./IModelTarget.js";
import { JobBriefcase } from "./JobBriefcase.js";
import { hubRouter, upgradeFile, type Upgrades } from "./native.js";
import type { OpenVersionedIModel, VersionedIModel } from "./VersionedIModel.js";

/**
 * How a run waits for what another run holds.
 * @beta
 */
export interface LockWaitOptions {
  /** How often a run asks again for a lock that is held. Default: 60. */
  lockRetries?: number;
  /** How long it waits in between, in milliseconds; half of it at least, at random. Default: 2000. */
  lockRetryDelay?: number;
}

/** So often does a push pull and try again when others push at the same time, waiting for up to so many milliseconds. */
const [mergeRetries, mergeRetryDelay] = [100, 200];

/**
 * A versioned iModel. A run works in a briefcase, which is kept in the cache directory for the next one, and pushes once.
 */
export class BriefcaseTarget implements IModelTarget {
  private _imodel?: VersionedIModel;
  private _briefcases?: BriefcaseFolder;
  private _held?: HeldBriefcase;
  /** Also when the briefcase is given back. */
  private _path?: string;
  private _db?: JobBriefcase;
  private _room?: RoomWatch;
  private _unroute?: () => void;
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
    return this._path;
  }

  public get isNew(): boolean {
    return this._isNew;
  }

  public get version(): IModelVersionInfo | undefined {
    if (this._imodel === undefined || this._db === undefined) return undefined;
    const { iModelId, place } = this._imodel;
    const { index = 0, id } = this._db.changeset;
    return { iModelId, place, changesetIndex: index, changesetId: id, isPushed: this._isPushed };
  }

  public async open(create = true): Promise<IModelDb> {
    this._imodel = await this._openIModel(create);
    this._unroute = hubRouter().add(this._imodel.iModelId, this._imodel.hub);
    this._briefcases = new BriefcaseFolder(this._cacheDirectory, this._imodel);
    [this._held, this._db] = await this._briefcases.open();
    this._path = this._held.path;
    this._room = new RoomWatch(dirname(this._path), () => (this._db?.isOpen ? bytesToSave(this._db) : 0));
    this.ensureRoom();
    await this._pull();
    await this._upgrade(this._db);
    return this._db;
  }

  public async lock(find?: (imodel: IModelDb) => JobElements | undefined): Promise<void> {
    const db = this._db!;
    for (let retries = 0; ;) {
      const job = db.txns.hasPendingTxns ? undefined : find?.(db); // an upgrade changes schemas
      this._leftToOthers = job !== undefined;
      try {
        await db.locks.acquireLocks(job ?? { exclusive: IModel.repositoryModelId });
        await this._pull();
        return;
      } catch (error) {
        if (isOf(error, IModelHubStatus.PullIsRequired)) await this._pull();
        else if (error instanceof LockConflict) await this._waitFor(error, retries++);
        else throw error;
      }
    }
  }

  public needsWholeLock(error: unknown): boolean {
    if (!this._leftToOthers) return false;
    const signs = [IModelStatus.LockNotHeld, IModelHubStatus.PullIsRequired];
    return causesOf(error).some((cause) => cause instanceof LockConflict || signs.some((sign) => isOf(cause, sign)));
  }

  public isWorthRecording(): boolean {
    return this._db!.txns.hasLocalChanges;
  }

  public async commit(description: string): Promise<void> {
    const db = this._db!;
    this.ensureRoom();
    db.saveChanges(description);
    if (db.txns.hasPendingTxns) await this._push(description);
    await this._close();
  }

  public ensureRoom(): void {
    this._room?.check();
  }

  public beforeWrite(): void {
    this._room?.beforeWrite();
  }

  public explain(error: unknown): unknown {
    if (error instanceof LockConflict) return this._locked(error);
    return this._path === undefined ? error : explainDiskFull(error, dirname(this._path));
  }

  public async abandon(): Promise<void> {
    if (this._db?.isOpen) this._db.abandonChanges();
    await this._close();
  }

  /** The upgrade goes out with what the run pushes. */
  private async _upgrade(db: JobBriefcase): Promise<void> {
    db.close();
    upgradeFile(this._path!, this._upgrades);
    this._db = await JobBriefcase.openAsItIs(this._path!);
  }

  private async _pull(): Promise<void> {
    await this._db!.pullChanges();
    this._isNew = this._db!.changeset.id === "";
  }

  private async _push(description: string): Promise<void> {
    const db = this._db!;
    await db.pushChanges({
      description,
      retainLocks: true, // core-backend takes a push for a failure when only its locks cannot be released
      mergeRetryCount: mergeRetries,
      mergeRetryDelay: BeDuration.fromMilliseconds(mergeRetryDelay * Math.random()),
    });
    this._isPushed = true;
    await attempt("The checkpoint", () => this._imodel!.afterPush(this.version!.changesetIndex));
  }

  /** Waits before a lock is asked for again, and gives back what a run that died has held in a briefcase of ours. */
  private async _waitFor(conflict: LockConflict, retries: number): Promise<void> {
    const dead = this._briefcases!.tryHold(conflict.briefcaseId);
    if (dead !== undefined) return this._releaseLocksOf(dead);
    const { lockRetries = 60, lockRetryDelay = 2000 } = this._options;
    if (!(retries < lockRetries)) throw this._locked(conflict); // NaN is no licence to wait for ever
    Logger.logInfo(ConnectorLoggerCategory.Framework, `waiting for a lock of ${conflict.briefcaseAlias}`);
    await setTimeout((lockRetryDelay / 2) * (1 + Math.random()));
  }

  private async _releaseLocksOf({ id, lock }: HeldBriefcase): Promise<void> {
    const { iModelId, hub } = this._imodel!;
    try {
      await hub.releaseAllLocks({ iModelId, briefcaseId: id, changeset: this._db!.changeset });
    } finally {
      lock.release();
    }
  }

  private async _close(): Promise<void> {
    const [db, held] = [this._db, this._held];
    try {
      const giveBack = async () => db?.isOpen && (await db.reset());
      await (this._isPushed ? attempt("The release of the locks", giveBack) : giveBack());
    } finally {
      if (db?.isOpen) db.close();
      held?.lock.release();
      this._unroute?.();
      [this._held, this._room, this._unroute] = [undefined, undefined, undefined];
    }
  }

  private _locked({ briefcaseAlias, briefcaseId, message }: LockConflict): ConnectorError {
    const imodel = this._imodel!;
    const what = `${imodel.place} is in use by ${briefcaseAlias} (briefcase ${briefcaseId}): ${message}`;
    const release = imodel.releaseAdvice(briefcaseId);
    return new ConnectorError("imodel/locked", `${what}.`, {
      recovery: "retriable",
      advice: `Wait until that run has ended, and start again; if none is going on there, ${release}.`,
    });
  }
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
