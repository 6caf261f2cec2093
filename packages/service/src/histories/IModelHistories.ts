import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Kysely, Transaction } from "kysely";
import type { Logger } from "pino";
import type { RecordedChangeset } from "itwin-connector-framework/internal";
import { stampOf } from "itwin-connector-framework/internal";
import type { BankIModel } from "itwin-connector-framework/internal";
import type { HistoryGain } from "itwin-connector-framework/internal";
import type { IModelBank } from "itwin-connector-framework/internal";
import { startHost } from "itwin-connector-framework/internal";
import { writeVersionZero } from "itwin-connector-framework/internal";
import type { BlobStore } from "../platform/blobs/BlobStore.js";
import type { IModelRow, Tables } from "../platform/database/tables.js";
import { checkOutVersion } from "./checkOutVersion.js";
import { compareHistories, gainOver } from "./compareHistories.js";
import { HistoryConflict } from "./errors.js";
import { checkpointKey, historyFiles, upload, type HistoryFile } from "./historyBlobs.js";
import { readHistory, recordedOf, recordGain, type Publisher, type RecordedHistory } from "./historyRecords.js";
import { insertIModel, deleteIModel, type NewIModelProps } from "./iModelRecords.js";
import { Mirror } from "./Mirror.js";
import { prepareSeed } from "./seed.js";
import { Snapshots, type VersionSnapshot } from "./Snapshots.js";
import { changesetIdOf } from "./versions.js";
import type { VersionTiles } from "./VersionTiles.js";

/** What the histories of iModels are kept in. */
export interface HistoriesOptions {
  db: Kysely<Tables>;
  blobs: BlobStore;
  tiles: VersionTiles;
  /** A folder of this machine, which several processes on it can share. */
  folder: string;
  log: Logger;
}

/**
 * The versions of the iModels of a service. What counts is in the database and the blob store. To be worked on, an iModel
 * is brought into the bank of a machine; what a run has pushed there is published when it has ended.
 *
 * A version is uploaded first, and recorded then: what is recorded is there. Two machines that publish the same version
 * exclude each other by the primary key of its row.
 */
export class IModelHistories {
  private readonly _closing = new AbortController();

  private constructor(
    private readonly _options: HistoriesOptions,
    private readonly _mirror: Mirror,
    private readonly _snapshots: Snapshots,
    private readonly _seed: string,
    private readonly _stopHost: () => Promise<void>,
  ) {}

  /**
   * Opens the bank of this machine, starts the backend, and prepares what new iModels are made of. What is left here of
   * iModels that were deleted by another machine goes.
   */
  public static async open(options: HistoriesOptions): Promise<IModelHistories> {
    const { db, folder, blobs } = options;
    const stopHost = await startHost();
    const mirror = await Mirror.open(folder, blobs);
    await mirror.sweep((ids) => recordedOf(db, ids));
    const snapshots = await Snapshots.open(join(folder, "snapshots"));
    return new IModelHistories(options, mirror, snapshots, await prepareSeed(folder), stopHost);
  }

  /** Where runs on this machine keep their briefcases: the `cacheDirectory` of their `RunOptions`. */
  public get cacheDirectory(): string {
    return this._mirror.cacheDirectory;
  }

  /**
   * Creates an iModel, with its version 0.
   * @throws HttpError 404 `iTwinNotFound`, 409 `iModelExists`
   */
  public async create(props: NewIModelProps): Promise<IModelRow> {
    const { db, blobs, folder } = this._options;
    const imodel: BankIModel = { ...props, id: randomUUID(), createdAt: new Date().toISOString() };
    const own = await mkdtemp(join(folder, "new-"));
    try {
      const path = join(own, "0.bim");
      writeVersionZero(path, imodel, { version0: this._seed, isEmpty: true });
      const checkpoint = { changesetIndex: 0, ...(await stampOf(path)) };
      const key = checkpointKey(imodel.id, checkpoint);
      await upload(blobs, { key, path, ...checkpoint });
      return await insertIModel(db, imodel, props, checkpoint).catch(async (error: unknown) => {
        await blobs.delete(key);
        throw error;
      });
    } finally {
      await rm(own, { recursive: true });
    }
  }

  /**
   * Brings an iModel into the bank of this machine, exactly as it is recorded; what was done here and not published is
   * thrown away. Only who works on the iModel, alone, may call this. Files that the blob store has lost, because it was
   * restored from a backup, go back there if this machine still has them.
   * @throws ConnectorError `service/unknown-imodel`, `service/blob-missing`, `service/blob-damaged`
   */
  public async bring(iModelId: string): Promise<IModelBank> {
    return this._mirror.locked(iModelId, async () => {
      const recorded = await readHistory(this._options.db, iModelId);
      await this._mirror.update(recorded, { mayBeAhead: false });
      await this._returnLostBlobs(iModelId, recorded);
      return this._mirror.bank;
    });
  }

  /**
   * Publishes what an iModel has gained in the bank of this machine.
   * @param alsoInTransaction - what is recorded together with it, or not at all
   * @returns the new changesets
   * @throws HistoryConflict where something else was published since the iModel was brought here; whatever
   * `alsoInTransaction` throws
   */
  public async publish(
    iModelId: string,
    publisher: Publisher,
    alsoInTransaction: (transaction: Transaction<Tables>) => Promise<void> = async () => {},
  ): Promise<RecordedChangeset[]> {
    const { db, blobs } = this._options;
    return this._mirror.locked(iModelId, async () => {
      const [here, recorded] = [this._mirror.find(iModelId), await readHistory(db, iModelId)];
      if (here === undefined || !["same", "ahead"].includes(compareHistories(here, recorded)))
        throw new HistoryConflict(iModelId);
      const gain = gainOver(here, recorded);
      for (const file of historyFiles(this._mirror.bank.layout, iModelId, gain)) await upload(blobs, file);
      await db.transaction().execute(async (transaction) => {
        await recordGain(transaction, iModelId, gain, publisher);
        await alsoInTransaction(transaction);
      });
      return gain.changesets;
    });
  }

  /**
   * Deletes an iModel with its whole history.
   * @throws HttpError 409 where a run of it is active
   */
  public async remove(iModelId: string): Promise<void> {
    const { db, blobs, tiles, log } = this._options;
    const recorded = await readHistory(db, iModelId);
    await deleteIModel(db, iModelId);
    // It is gone, whatever becomes of its files.
    const removeFiles = async () => {
      for (const { key } of historyFiles(this._mirror.bank.layout, iModelId, recorded)) await blobs.delete(key);
      await tiles.deleteAll(iModelId);
      await this._mirror.locked(iModelId, () => this._mirror.throwAway(iModelId));
    };
    await removeFiles().catch((error: unknown) => log.warn({ err: error, iModelId }, "files of an iModel are left"));
  }

  /**
   * A version of an iModel as a snapshot file. Whoever works on the iModel meanwhile is not disturbed.
   * @param index - of the version
   * @throws ConnectorError as for `bring`
   */
  public async snapshotOf(iModelId: string, index: number): Promise<VersionSnapshot> {
    const { db } = this._options;
    // A database that was restored from a backup can have another version at the same index by now.
    const name = `${iModelId}-${index}-${await changesetIdOf(db, iModelId, index)}`;
    return this._snapshots.take(name, (path) =>
      this._mirror.locked(iModelId, async () => {
        await this._mirror.update(await readHistory(db, iModelId), { mayBeAhead: true });
        await checkOutVersion(this._mirror.bank, iModelId, index, { path, signal: this._closing.signal });
      }),
    );
  }

  /** A backup lacks the latest files: if these are there, nothing else is looked at. */
  private async _returnLostBlobs(iModelId: string, { changesets, checkpoints }: RecordedHistory): Promise<void> {
    const { blobs, log } = this._options;
    const filesOf = (gain: HistoryGain) => historyFiles(this._mirror.bank.layout, iModelId, gain);
    const isLost = async ({ key }: HistoryFile) => (await blobs.stat(key)) === undefined;
    const latest = filesOf({ changesets: changesets.slice(-1), checkpoints: checkpoints.slice(-1) });
    if (!(await Promise.all(latest.map(isLost))).includes(true)) return;
    for (const file of filesOf({ changesets, checkpoints })) {
      if (!(await isLost(file))) continue;
      log.warn({ iModelId, key: file.key }, "a file that the storage has lost is uploaded again");
      await upload(blobs, file);
    }
  }

  /** Ends what is being done. */
  public async close(): Promise<void> {
    this._closing.abort();
    await this._stopHost();
  }
}
