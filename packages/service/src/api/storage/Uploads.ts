import { chunksOf } from "../../platform/chunks.js";
import { randomUUID } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import type { Principal } from "../../platform/auth/Principal.js";
import type { BlobStatus, BlobStore } from "../../platform/blobs/BlobStore.js";
import type { StorageItem, StorageUpload, Tables } from "../../platform/database/tables.js";
import type { UploadAccount } from "../blobs/UploadAccount.js";

/** How many blobs are asked after at a time. */
const atOnce = 20;

/** How long after its URL has run out an upload may still arrive, in milliseconds: it was let in before. */
const lateness = 24 * 3600 * 1000;

/** An upload that has arrived. */
interface Arrival {
  key: string;
  status: BlobStatus;
}

/**
 * Uploads of the content of files. Each has a blob of its own, which becomes the content of the file when it has arrived;
 * the last to arrive counts. Uploads that the service does not receive itself are found when somebody asks for the file.
 */
export class Uploads implements UploadAccount {
  public constructor(
    private readonly _db: Kysely<Tables>,
    private readonly _blobs: BlobStore,
    private readonly _urlSeconds: number,
  ) {}

  /** Begins an upload, and tells the URL that takes it. */
  public async begin({ id }: StorageItem, { subject, name }: Principal, origin: string): Promise<string> {
    const key = `files/${id}/${randomUUID()}`;
    const expiresAt = new Date(Date.now() + this._urlSeconds * 1000);
    await this._db
      .insertInto("storage_uploads")
      .values({ key, item_id: id, expires_at: expiresAt, requested_by: subject, requested_by_name: name })
      .execute();
    return this._blobs.uploadUrl(key, origin);
  }

  /** Lets what has arrived meanwhile become the content of its file: of one file, of those in a folder or in an iTwin. */
  public async takeIn(column: "id" | "parent_id" | "itwin_id", value: string): Promise<void> {
    const outstanding = await this._db
      .selectFrom("storage_uploads")
      .innerJoin("storage_items", "storage_items.id", "storage_uploads.item_id")
      .select("storage_uploads.key")
      .where(`storage_items.${column}`, "=", value)
      .execute();
    for (const { key, status } of await this._arrivals(outstanding)) await this._replace(key, status, "once");
  }

  public async isExpected(key: string): Promise<boolean> {
    const id = itemOf(key);
    if (id === undefined) return false;
    const item = await this._db.selectFrom("storage_items").select("id").where("id", "=", id).executeTakeFirst();
    return item !== undefined;
  }

  public async arrived(key: string, status: BlobStatus): Promise<void> {
    await this._replace(key, status, "always");
  }

  /** Forgets uploads that never came, with the blocks of them that did, and files that so never came to be. */
  public async discardExpired(now = new Date()): Promise<void> {
    const expired = await this._db
      .selectFrom("storage_uploads")
      .selectAll()
      .where("expires_at", "<", new Date(now.getTime() - lateness))
      .execute();
    for (const { key, status } of await this._arrivals(expired)) await this._replace(key, status, "once");
    for (const { key } of expired) if (await this._forget(key)) await this._blobs.delete(key);
    if (expired.length > 0) await this._forgetItems(expired.map((upload) => upload.item_id));
  }

  /** In the order in which they arrived. */
  private async _arrivals(uploads: { key: string }[]): Promise<Arrival[]> {
    const arrivals: Arrival[] = [];
    for (let first = 0; first < uploads.length; first += atOnce) {
      const looks = uploads.slice(first, first + atOnce).map(async ({ key }) => {
        const status = await this._blobs.stat(key);
        if (status !== undefined) arrivals.push({ key, status });
      });
      await Promise.all(looks);
    }
    return arrivals.sort((one, other) => one.status.modifiedAt.getTime() - other.status.modifiedAt.getTime());
  }

  /**
   * Makes a blob the content of its file, and then removes the blob that was it.
   * @param how - `once`: not when somebody else has seen it arrive; `always`: also when it arrives again
   */
  private async _replace(key: string, status: BlobStatus, how: "once" | "always"): Promise<void> {
    const superfluous = await this._db.transaction().execute(async (transaction) => {
      const item = await lockItemOf(transaction, key);
      if (item === undefined) return key; // purged while it was on its way
      const upload = await takeUpload(transaction, key);
      if (upload === undefined && how === "once") return undefined;
      // It arrives again, and another upload has taken its place meanwhile: its content may have been removed.
      if (upload === undefined && item.content_key !== key) return key;
      await setContent(transaction, item, { key, status }, upload);
      return item.content_key === key ? undefined : item.content_key;
    });
    if (superfluous) await this._blobs.delete(superfluous);
  }

  private async _forgetItems(ids: string[]): Promise<void> {
    for (const chunk of chunksOf(ids))
      await this._db
        .deleteFrom("storage_items")
        .where("id", "in", chunk)
        .where("is_complete", "=", false)
        .where("id", "not in", (builder) => builder.selectFrom("storage_uploads").select("item_id"))
        .execute();
  }

  /** True where it was still outstanding. */
  private async _forget(key: string): Promise<boolean> {
    return (await takeUpload(this._db, key)) !== undefined;
  }
}

/** The id of the file in the key of an upload. */
function itemOf(key: string): string | undefined {
  return /^files\/([\da-f-]{36})\/[\da-f-]{36}$/.exec(key)?.[1];
}

/** Locks the file that an upload is for. Undefined where it was purged meanwhile. */
async function lockItemOf(transaction: Transaction<Tables>, key: string): Promise<StorageItem | undefined> {
  const id = itemOf(key);
  if (id === undefined) return undefined;
  return transaction.selectFrom("storage_items").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

async function takeUpload(db: Kysely<Tables>, key: string): Promise<StorageUpload | undefined> {
  return db.deleteFrom("storage_uploads").where("key", "=", key).returningAll().executeTakeFirst();
}

async function setContent(
  transaction: Transaction<Tables>,
  item: StorageItem,
  { key, status }: Arrival,
  upload: StorageUpload | undefined,
): Promise<void> {
  await transaction
    .updateTable("storage_items")
    .set({
      content_key: key,
      size: status.size,
      is_complete: true,
      // When it arrived, not when that was seen: a run that sees it is not older than the content that it reads.
      modified_at: new Date(Math.max(item.modified_at.getTime(), status.modifiedAt.getTime())),
      modified_by: upload?.requested_by,
      modified_by_name: upload?.requested_by_name,
    })
    .where("id", "=", item.id)
    .execute();
}
