import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { BriefcaseIdValue } from "@itwin/core-common";
import { ConnectorError } from "itwin-connector-framework";
import { placeInBank } from "itwin-connector-framework/internal";
import type { HistoryGain } from "itwin-connector-framework/internal";
import { IModelBank, type IModelHistory } from "itwin-connector-framework/internal";
import { briefcasesPath } from "itwin-connector-framework/internal";
import { RunLock } from "itwin-connector-framework/internal";
import type { BlobStore } from "../platform/blobs/BlobStore.js";
import { compareHistories, gainOver } from "./compareHistories.js";
import { download, historyFiles } from "./historyBlobs.js";
import type { RecordedHistory } from "./historyRecords.js";

/** How often it is asked whether a lock is free, in milliseconds. */
const lockInterval = 50;

/** So many files are brought here at a time. */
const downloadsAtOnce = 4;

/**
 * The bank of this machine, in which iModels of the service are worked on. It holds nothing that the database and the blob
 * store do not hold as well, but for what was not published yet: an iModel in it can be thrown away at any time when
 * nobody works on it.
 */
export class Mirror {
  /** Where runs keep the briefcases of this bank. */
  public readonly cacheDirectory: string;
  private readonly _locks: string;

  private constructor(
    public readonly bank: IModelBank,
    folder: string,
    private readonly _blobs: BlobStore,
  ) {
    this.cacheDirectory = join(folder, "cache");
    this._locks = join(folder, "locks");
  }

  /** Opens the mirror in a folder of this machine, and makes it where there is none. */
  public static async open(folder: string, blobs: BlobStore): Promise<Mirror> {
    const mirror = new Mirror(openOrCreate(join(folder, "bank")), folder, blobs);
    await mkdir(mirror._locks, { recursive: true });
    return mirror;
  }

  /** Does something with an iModel while no other process of this machine brings or publishes it. */
  public async locked<T>(iModelId: string, work: () => Promise<T>): Promise<T> {
    const lock = await acquireWhenFree(join(this._locks, iModelId));
    try {
      return await work();
    } finally {
      lock.release();
    }
  }

  /** The history of an iModel on this machine, if it is here. */
  public find(iModelId: string): IModelHistory | undefined {
    return this._has(iModelId) ? this.bank.history(iModelId) : undefined;
  }

  /**
   * Makes an iModel what is recorded. The caller has locked it.
   * @param mayBeAhead - whether what was not published yet can stay
   */
  public async update(recorded: RecordedHistory, { mayBeAhead }: { mayBeAhead: boolean }): Promise<void> {
    const { id } = recorded.imodel;
    const known = this.find(id);
    const state = known && (await this._stateOf(known, recorded));
    if (known === undefined || state === "different" || (state === "ahead" && !mayBeAhead))
      await this._takeInAnew(recorded, known);
    else if (state === "behind") await this._takeInGain(id, gainOver(recorded, known));
    this._rename(recorded);
  }

  /**
   * Throws an iModel away that was brought here, with its briefcases. Its blobs stay, those that were never recorded too: a
   * database that does not know them may be the wrong one, or an older one that was restored.
   */
  public async throwAway(iModelId: string): Promise<void> {
    if (!this._has(iModelId)) return;
    await rm(briefcasesPath(this.cacheDirectory, iModelId), { recursive: true, force: true });
    await this.bank.deleteIModel(iModelId);
  }

  /**
   * Throws away what was brought here of iModels that the service does not have any more.
   * @param knownOf - those of some iModels that it has; an iModel that was deleted does not come again
   */
  public async sweep(knownOf: (iModelIds: string[]) => Promise<Set<string>>): Promise<void> {
    const ids = this.bank.iModels.map(({ id }) => id);
    const known = await knownOf(ids);
    for (const id of ids.filter((candidate) => !known.has(candidate))) await this.locked(id, () => this.throwAway(id));
  }

  private _has(iModelId: string): boolean {
    return this.bank.iModels.some(({ id }) => id === iModelId);
  }

  /** A mirror whose files were damaged is as good as another history. */
  private async _stateOf(
    known: IModelHistory,
    recorded: RecordedHistory,
  ): Promise<ReturnType<typeof compareHistories>> {
    const files = historyFiles(this.bank.layout, known.imodel.id, known);
    for (const { path, size } of files) {
      const found = await stat(path).catch(() => undefined);
      if (found?.size !== size) return "different";
    }
    return compareHistories(known, recorded);
  }

  private async _takeInAnew(recorded: RecordedHistory, known: IModelHistory | undefined): Promise<void> {
    const { imodel, changesets, checkpoints } = recorded;
    await this.throwAway(imodel.id);
    this._freeName(recorded);
    const unusedId = Math.max(BriefcaseIdValue.FirstValid, ...changesets.map(({ briefcaseId }) => briefcaseId + 1));
    const history: IModelHistory = {
      imodel: {
        id: imodel.id,
        iTwinId: imodel.itwin_id,
        name: imodel.name,
        description: imodel.description ?? undefined,
        createdAt: imodel.created_at.toISOString(),
        createdBy: imodel.created_by,
      },
      changesets,
      checkpoints,
      namedVersions: [], // the database has them, and no run asks for them
      // A run whose briefcase was thrown away may still be alive: nobody gets its id.
      nextBriefcaseId: Math.max(unusedId, known?.nextBriefcaseId ?? 0),
    };
    await mkdir(this.bank.layout.changesets(imodel.id), { recursive: true });
    await this.bank.takeIn(history, () => this._download(imodel.id, recorded));
  }

  private async _takeInGain(iModelId: string, gain: HistoryGain): Promise<void> {
    await this.bank.takeInGain(iModelId, gain, () => this._download(iModelId, gain));
  }

  private async _download(iModelId: string, gain: HistoryGain): Promise<void> {
    const files = historyFiles(this.bank.layout, iModelId, gain);
    await forEachOf(files, downloadsAtOnce, async (file) => {
      await placeInBank(file.path, (path) => download(this._blobs, file, path));
    });
  }

  private _rename(recorded: RecordedHistory): void {
    const { id, name, description } = recorded.imodel;
    const known = this.bank.find(id);
    if (known.name === name && (known.description ?? null) === description) return;
    this._freeName(recorded);
    this.bank.describeIModel(id, { name, description: description ?? undefined });
  }

  /** An iModel that had this name, and that was renamed or deleted since it was brought here, lets it go. */
  private _freeName({ imodel: { id, itwin_id: iTwinId, name } }: RecordedHistory): void {
    const holder = this.bank.iModels.find((other) => other.iTwinId === iTwinId && other.name === name);
    if (holder === undefined || holder.id === id) return;
    this.bank.describeIModel(holder.id, { name: `${name} (${holder.id})`, description: holder.description });
  }
}

/** Several processes may start at once on one machine. */
function openOrCreate(folder: string): IModelBank {
  try {
    return IModelBank.openOrCreate(folder);
  } catch (error) {
    if (error instanceof ConnectorError && error.code === "bank/exists") return IModelBank.open(folder);
    throw error;
  }
}

/** A lock goes with the process that holds it, so that there is always an end to the waiting. */
async function acquireWhenFree(path: string): Promise<RunLock> {
  for (;;) {
    try {
      return RunLock.acquire(path);
    } catch (error) {
      if (!(error instanceof ConnectorError && error.code === "imodel/in-use")) throw error;
    }
    await setTimeout(lockInterval);
  }
}

/** Does something with each item, several at a time. After a failure, what has begun is ended, and nothing else begins. */
async function forEachOf<T>(items: T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  let hasFailed = false;
  const workAlong = async () => {
    for (const item of rest) {
      if (hasFailed) return;
      await work(item).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: atOnce }, workAlong));
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
