import type { Kysely, Transaction } from "kysely";
import type { Logger } from "pino";
import { messageOf } from "itwin-connector-framework/internal";
import type { BlobStore } from "../../platform/blobs/BlobStore.js";
import type { StorageItem, Tables } from "../../platform/database/tables.js";
import type { Paging } from "../../platform/http/paging.js";
import { withBelow } from "./below.js";
import { lockTree } from "./lockTree.js";
import { inOrder, isFolder } from "./StorageItems.js";

/** How long the bin keeps what is in it. */
const days = 30;

const millisecondsPerDay = 24 * 3600 * 1000;

/** What was deleted, and can be brought back. A folder goes there with all that is below it, as one deletion. */
export class RecycleBin {
  public constructor(
    private readonly _db: Kysely<Tables>,
    private readonly _blobs: BlobStore,
    private readonly _log: Logger,
  ) {}

  /** Puts a file, or a folder with all that is below it, into the bin. False where it is there already. */
  public async add({ id, itwin_id }: StorageItem): Promise<boolean> {
    const deletion = { deleted_at: new Date(), deleted_with: id };
    return this._db.transaction().execute(async (transaction) => {
      await lockTree(transaction, itwin_id, "exclusive");
      const { numUpdatedRows } = await transaction
        .updateTable("storage_items")
        .set(deletion)
        .where("id", "=", id)
        .where("deleted_at", "is", null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await withBelow(transaction, id)
        .updateTable("storage_items")
        .set(deletion)
        .where("id", "in", (query) => query.selectFrom("below").select("below.id"))
        .where("deleted_at", "is", null)
        .execute();
      return true;
    });
  }

  /** A file or folder that was deleted by itself, not with a folder above it. Undefined where there is none. */
  public async find(id: string): Promise<StorageItem | undefined> {
    return binned(this._db).where("id", "=", id).executeTakeFirst();
  }

  /** What was deleted in an iTwin; of a folder only itself. */
  public async list(iTwinId: string, paging: Paging): Promise<StorageItem[]> {
    return inOrder(binned(this._db).where("itwin_id", "=", iTwinId), paging).execute();
  }

  /**
   * Brings back exactly what one deletion took: to where it was, or into the root folder where the folder that it was in
   * is in the bin, or gone. False where it is not in the bin any more.
   */
  public async restore({ id, itwin_id }: StorageItem): Promise<boolean> {
    return this._db.transaction().execute(async (transaction) => {
      await lockTree(transaction, itwin_id, "exclusive");
      const item = await binned(transaction).where("id", "=", id).executeTakeFirst();
      if (item === undefined) return false;
      await transaction
        .updateTable("storage_items")
        .set({ deleted_at: null, deleted_with: null })
        .where("deleted_with", "=", id)
        .execute();
      if (!(await isFolder(transaction, item.parent_id, itwin_id)))
        await transaction.updateTable("storage_items").set({ parent_id: itwin_id }).where("id", "=", id).execute();
      return true;
    });
  }

  /** Removes something from the bin for good: with all that is below it, and with the content of files. */
  public async purge({ id, itwin_id }: StorageItem): Promise<void> {
    const keys = await this._db.transaction().execute(async (transaction) => {
      await lockTree(transaction, itwin_id, "exclusive");
      const item = await binned(transaction).where("id", "=", id).executeTakeFirst();
      return item === undefined ? [] : removeRows(transaction, id);
    });
    for (const key of keys) await this._removeBlob(key);
  }

  /** Empties the bin of what has been in it for 30 days. */
  public async purgeExpired(now = new Date()): Promise<void> {
    const end = new Date(now.getTime() - days * millisecondsPerDay);
    const expired = await binned(this._db).where("deleted_at", "<", end).execute();
    for (const item of expired)
      await this.purge(item).catch((error: unknown) => {
        this._log.warn({ err: error, itemId: item.id }, "what has expired is still in the recycle bin");
      });
  }

  /** A blob that stays behind takes space and does no harm. */
  private async _removeBlob(key: string): Promise<void> {
    try {
      await this._blobs.delete(key);
    } catch (error) {
      this._log.warn({ key, reason: messageOf(error) }, "a blob could not be removed");
    }
  }
}

function binned(db: Kysely<Tables>) {
  return db.selectFrom("storage_items").selectAll().whereRef("deleted_with", "=", "id");
}

/** Removes an item with all that is below it, and tells where the content of the files is. */
async function removeRows(transaction: Transaction<Tables>, id: string): Promise<string[]> {
  const all = withBelow(transaction, id);
  const uploads = await all
    .selectFrom("storage_uploads")
    .select("key")
    .where((eb) => eb.or([eb("item_id", "=", id), eb("item_id", "in", eb.selectFrom("below").select("below.id"))]))
    .execute();
  const rows = await all
    .deleteFrom("storage_items")
    .where((eb) => eb.or([eb("id", "=", id), eb("id", "in", eb.selectFrom("below").select("below.id"))]))
    .returning("content_key")
    .execute();
  return [...uploads.map(({ key }) => key), ...rows.flatMap(({ content_key }) => content_key ?? [])];
}
