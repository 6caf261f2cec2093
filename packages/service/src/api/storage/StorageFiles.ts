import type { Readable } from "node:stream";
import { ConnectorError } from "itwin-connector-framework";
import type { StorageItem } from "../../platform/database/tables.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { RecycleBin } from "./RecycleBin.js";
import { StorageItems } from "./StorageItems.js";
import { Uploads } from "./Uploads.js";

/** A file with its content, for who reads it. */
export interface OpenFile {
  item: StorageItem;
  /** The name of the file, as it is shown. */
  fileName: string;
  /** The names from the root of the storage to the file, joined by `/`. */
  path: string;
  /** Of the content, in bytes. */
  size: number;
  content: Readable;
}

/** How often an open file may be replaced before it is opened for good. */
const attempts = 5;

/** The storage of a service. It has no state of its own: all that it knows is in the database and in the blob store. */
export class StorageFiles {
  public readonly items: StorageItems;
  public readonly bin: RecycleBin;
  public readonly uploads: Uploads;
  private readonly _context: ServiceContext;

  public constructor(context: ServiceContext) {
    const { db, blobs, config, log } = context;
    this._context = context;
    this.items = new StorageItems(db);
    this.bin = new RecycleBin(db, blobs, log);
    this.uploads = new Uploads(db, blobs, config.limits.signedUrlSeconds);
  }

  /** A file or folder, with what has been uploaded. Undefined where there is none, or it is in the recycle bin. */
  public async find(itemId: string): Promise<StorageItem | undefined> {
    await this.uploads.takeIn("id", itemId);
    return this.items.find(itemId);
  }

  /** The names from the root of the storage to an item, joined by `/`. */
  public async pathOf(item: StorageItem): Promise<string> {
    return (await this.items.pathsOf([item]))(item);
  }

  /**
   * A file with its content as it is now, also when it is replaced while it is being read.
   * @throws ConnectorError `service/file-missing` where there is no such file, or it was never uploaded
   */
  public async openContent(itemId: string): Promise<OpenFile> {
    for (let attempt = 1; ; attempt++) {
      const item = await this.find(itemId);
      if (!item?.content_key) throw fileMissing(itemId, item);
      try {
        const content = await this._context.blobs.get(item.content_key);
        const path = await this.pathOf(item);
        return { item, fileName: item.display_name, path, size: item.size ?? 0, content };
      } catch (error) {
        if (attempt === attempts || !(await this._wasReplaced(item))) throw error;
      }
    }
  }

  /** Removes for good what has been in the recycle bin for 30 days, and what is left of uploads that never came. */
  public async purgeExpired(now = new Date()): Promise<void> {
    await this.bin.purgeExpired(now);
    await this.uploads.discardExpired(now);
  }

  private async _wasReplaced({ id, content_key }: StorageItem): Promise<boolean> {
    const item = await this.items.find(id);
    return item?.content_key !== content_key;
  }
}

function fileMissing(itemId: string, item: StorageItem | undefined): ConnectorError {
  const message =
    item === undefined
      ? `The file ${itemId} is not in the storage.`
      : `The file ${item.display_name} has never been uploaded.`;
  return new ConnectorError("service/file-missing", message, {
    advice: "Upload it, restore it from the recycle bin, or remove it from the connection.",
  });
}
