import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { BeEvent } from "@itwin/core-bentley";
import { sql, type Kysely, type Selectable, type UpdateObject } from "kysely";
import { ConnectorError } from "itwin-connector-framework";
import type { BlobStore } from "../platform/blobs/BlobStore.js";
import type { RunError } from "../platform/database/columns/RunState.js";
import { now, secondsFromNow } from "../platform/database/clock.js";
import type { Tables, VersionTilesTable } from "../platform/database/tables.js";
import { changesetIdOf } from "./versions.js";

/** What is known of the tiles of a version. */
export type TilesRow = Selectable<VersionTilesTable>;

/** A version of an iModel whose tiles are meant. */
type TilesKey = Pick<TilesRow, "imodel_id" | "index" | "changeset_id">;

/** Tiles that a worker has made. */
export interface MadeTiles {
  folder: string;
  count: number;
  signal: AbortSignal;
}

/** A file of tiles. */
export interface TilesFile {
  content: Readable;
  /** Differs where the content does. */
  tag: string;
}

/** Tiles that could not be made are not tried again for so long, in seconds: an attempt can take half an hour. */
const pause = 600;

/** A worker gives up after so many attempts that ended without a word. */
const attemptsAtMost = 3;

const tileset = "tileset.json";

/**
 * The tiles of versions, as 3D Tiles 1.1: a worker makes those of a version once, when they are asked for, and they are
 * kept with the blobs of the iModel.
 */
export class VersionTiles {
  /** Raised when tiles may be waiting for a worker. */
  public readonly onWaiting = new BeEvent<() => void>();

  public constructor(
    private readonly _db: Kysely<Tables>,
    private readonly _blobs: BlobStore,
  ) {}

  /** What is known of the tiles of a version; undefined where nobody has asked for them. */
  public async find(iModelId: string, index: number): Promise<TilesRow | undefined> {
    return this._select(await this._keyOf(iModelId, index)).executeTakeFirst();
  }

  /**
   * Asks for the tiles of a version. They are made where they are not there: not yet, not any more, or a while after it
   * has failed.
   */
  public async request(iModelId: string, index: number): Promise<TilesRow> {
    const key = await this._keyOf(iModelId, index);
    const known = await this._select(key).executeTakeFirst();
    if (known !== undefined && (await this._isSettled(known))) return known;
    const wanted = {
      state: "waiting",
      count: null,
      error: null,
      changed_at: now(),
      worker_id: null,
      attempts: 0,
    } as const;
    await this._db
      .insertInto("version_tiles")
      .values({ ...key, ...wanted, lease_until: null })
      .onConflict((conflict) =>
        conflict
          .columns(["imodel_id", "index", "changeset_id"])
          .doUpdateSet(wanted)
          .where("version_tiles.state", "<>", "waiting"),
      )
      .execute();
    const row = await this._select(key).executeTakeFirstOrThrow();
    this.onWaiting.raiseEvent();
    return row;
  }

  /**
   * A file of the tiles of a version.
   * @param file - `tileset.json` or what it refers to, such as `tiles/0.glb`
   * @returns undefined where there is none. If the store has lost it, the tiles are made when somebody asks for them again
   */
  public async read(iModelId: string, index: number, file: string): Promise<TilesFile | undefined> {
    const row = await this.find(iModelId, index);
    if (row?.state !== "made" || !hasFile(row.count ?? 0, file)) return undefined;
    const content = await this._blobs.get(keyOf(row, file)).catch(async (error: unknown) => {
      if (!(error instanceof ConnectorError && error.code === "service/blob-missing")) throw error;
      await this._forget(row);
      return undefined;
    });
    return content && { content, tag: `${row.index}-${row.changeset_id}-${file}` };
  }

  /** Gives the tiles that have waited longest to a worker, or those of a worker that says nothing any more. */
  public async take(leaseId: string, seconds: number): Promise<TilesRow | undefined> {
    return this._db
      .updateTable("version_tiles as tiles")
      .set({ worker_id: leaseId, lease_until: secondsFromNow(seconds), attempts: sql<number>`attempts + 1` })
      .where((query) =>
        query.eb(
          query.refTuple("tiles.imodel_id", "tiles.index", "tiles.changeset_id"),
          "in",
          query
            .selectFrom("version_tiles")
            .select(["imodel_id", "index", "changeset_id"])
            .where("state", "=", "waiting")
            .where((free) => free.or([free("worker_id", "is", null), free("lease_until", "<", now())]))
            .orderBy("changed_at")
            .limit(1)
            .forUpdate()
            .skipLocked()
            .$asTuple("imodel_id", "index", "changeset_id"),
        ),
      )
      .returningAll()
      .executeTakeFirst();
  }

  /** Whether a worker that has taken tiles may go on trying to make them. */
  public mayTry({ attempts }: TilesRow): boolean {
    return attempts <= attemptsAtMost;
  }

  /** Makes the lease last its full time from now on. @returns whether the worker still has it */
  public async renew(row: TilesRow, seconds: number): Promise<boolean> {
    return this._update(row, { lease_until: secondsFromNow(seconds) });
  }

  /**
   * Uploads the tiles from a folder, and records that they are made.
   * @param count - of files with graphics
   * @param signal - ends it early
   * @returns whether they are wanted: the iModel may have been deleted meanwhile, or another worker may have them
   */
  public async publish(row: TilesRow, { folder, count, signal }: MadeTiles): Promise<boolean> {
    try {
      for (const file of filesOf(count)) {
        signal.throwIfAborted();
        await this._blobs.put(keyOf(row, file), createReadStream(join(folder, file)));
      }
      return await this._end(row, { state: "made", count, changed_at: now() });
    } finally {
      if ((await this._select(row).executeTakeFirst()) === undefined) await this._blobs.deleteAll(prefixOf(row));
    }
  }

  /** Records why tiles cannot be made. */
  public async fail(row: TilesRow, error: RunError): Promise<void> {
    await this._end(row, { state: "failed", error: JSON.stringify(error), changed_at: now() });
  }

  /** Lets another worker make the tiles. */
  public async giveBack(row: TilesRow): Promise<void> {
    await this._end(row, { attempts: row.attempts - 1 });
  }

  /** Removes the blobs of all tiles of an iModel that was deleted. */
  public async deleteAll(iModelId: string): Promise<void> {
    await this._blobs.deleteAll(tilesOf(iModelId));
  }

  private async _keyOf(iModelId: string, index: number): Promise<TilesKey> {
    return { imodel_id: iModelId, index, changeset_id: await changesetIdOf(this._db, iModelId, index) };
  }

  private _select({ imodel_id: iModelId, index, changeset_id: changesetId }: TilesKey) {
    return this._db
      .selectFrom("version_tiles")
      .selectAll()
      .where("imodel_id", "=", iModelId)
      .where("index", "=", index)
      .where("changeset_id", "=", changesetId);
  }

  /** Whether nothing is to be done. A blob store that was restored from a backup may lack tiles that are made. */
  private async _isSettled(row: TilesRow): Promise<boolean> {
    if (row.state === "waiting") return true;
    if (row.state === "failed") return Date.now() - row.changed_at.getTime() < pause * 1000;
    return row.count === 0 || (await this._blobs.stat(keyOf(row, tileset))) !== undefined;
  }

  private async _forget(row: TilesRow): Promise<void> {
    await this._db
      .deleteFrom("version_tiles")
      .where("imodel_id", "=", row.imodel_id)
      .where("index", "=", row.index)
      .where("changeset_id", "=", row.changeset_id)
      .where("state", "=", "made")
      .execute();
  }

  private async _end(row: TilesRow, changes: UpdateObject<Tables, "version_tiles">): Promise<boolean> {
    return this._update(row, { worker_id: null, lease_until: null, ...changes });
  }

  private async _update(row: TilesRow, changes: UpdateObject<Tables, "version_tiles">): Promise<boolean> {
    const { numUpdatedRows } = await this._db
      .updateTable("version_tiles")
      .set(changes)
      .where("imodel_id", "=", row.imodel_id)
      .where("index", "=", row.index)
      .where("changeset_id", "=", row.changeset_id)
      .where("worker_id", "=", row.worker_id)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}

/** The files of tiles. Where there is nothing to show, there is no tileset. */
function filesOf(count: number): string[] {
  const contents = Array.from({ length: count }, (_, number) => `tiles/${number}.glb`);
  return count === 0 ? [] : [...contents, tileset];
}

function hasFile(count: number, file: string): boolean {
  const [, number] = /^tiles\/(\d{1,9})\.glb$/.exec(file) ?? [];
  return count > 0 && (file === tileset || (number === String(Number(number)) && Number(number) < count));
}

/** A worker that makes the tiles of a version again writes the same files. */
function keyOf(key: TilesKey, file: string): string {
  return prefixOf(key) + file;
}

function prefixOf({ imodel_id: iModelId, index, changeset_id: changesetId }: TilesKey): string {
  return `${tilesOf(iModelId)}${index}-${changesetId === "" ? "0" : changesetId}/`;
}

function tilesOf(iModelId: string): string {
  return `imodels/${iModelId}/tiles/`;
}
