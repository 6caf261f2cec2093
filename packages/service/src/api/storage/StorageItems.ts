import { randomUUID } from "node:crypto";
import { sql, type Kysely, type SelectQueryBuilder, type Transaction } from "kysely";
import type { Principal } from "../../platform/auth/Principal.js";
import { escapePattern } from "../../platform/database/patterns.js";
import type { StorageItem, Tables } from "../../platform/database/tables.js";
import type { Paging } from "../../platform/http/paging.js";
import type { ITwinRow } from "../itwins/ITwinStore.js";
import { lockTree } from "./lockTree.js";
import { withBelow } from "./below.js";

/** What a client says of an item. */
export interface ItemFields {
  displayName?: string;
  description?: string | null;
}

/** Why an item cannot be put where it was asked to. */
export type PlaceFault = "noSuchFolder" | "isBelow";

/** The files and folders of all iTwins that are not in the recycle bin. */
export class StorageItems {
  public constructor(private readonly _db: Kysely<Tables>) {}

  /** A file or folder; the id of an iTwin is that of its root folder. Undefined where there is none, or it is in the bin. */
  public async find(id: string): Promise<StorageItem | undefined> {
    const item = await this._db
      .selectFrom("storage_items")
      .selectAll()
      .where("id", "=", id)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    if (item !== undefined) return item;
    const iTwin = await this._db.selectFrom("itwins").selectAll().where("id", "=", id).executeTakeFirst();
    return iTwin && rootFolderOf(iTwin);
  }

  /** What is in a folder, folders first, then in the order of creation. */
  public async list(folder: StorageItem, paging: Paging, kind?: StorageItem["kind"]): Promise<StorageItem[]> {
    let query = listed(this._db.selectFrom("storage_items").selectAll()).where("parent_id", "=", folder.id);
    if (kind !== undefined) query = query.where("kind", "=", kind);
    return inOrder(query, paging).execute();
  }

  /**
   * What is in a folder and below it, by name, whatever the case.
   * @param pattern - a name in which `*` stands for any characters, and `?` for one
   */
  public async search(folder: StorageItem, pattern: string, paging: Paging): Promise<StorageItem[]> {
    const like = escapePattern(pattern).replaceAll("*", "%").replaceAll("?", "_");
    const query = withBelow(this._db, folder.id)
      .selectFrom("storage_items")
      .selectAll()
      .where("id", "in", (query) => query.selectFrom("below").select("below.id"))
      .where("display_name", "ilike", like);
    return inOrder(listed(query), paging).execute();
  }

  /** Makes a folder, or a file that waits for its first upload. Undefined where the parent has gone to the bin meanwhile. */
  public async create(
    kind: StorageItem["kind"],
    parent: StorageItem,
    { displayName, description = null }: ItemFields & { displayName: string },
    { subject, name }: Principal,
  ): Promise<StorageItem | undefined> {
    const now = new Date();
    return this._db.transaction().execute(async (transaction) => {
      await lockTree(transaction, parent.itwin_id, "shared");
      if (!(await isFolder(transaction, parent.id, parent.itwin_id))) return undefined;
      return transaction
        .insertInto("storage_items")
        .values({
          id: randomUUID(),
          itwin_id: parent.itwin_id,
          kind,
          parent_id: parent.id,
          display_name: displayName,
          description,
          is_complete: kind === "folder",
          created_at: now,
          created_by: subject,
          created_by_name: name,
          modified_at: now,
          modified_by: subject,
          modified_by_name: name,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  }

  /** Changes what is given. Undefined where the item has gone to the bin meanwhile. */
  public async update(
    { id }: StorageItem,
    { displayName, description }: ItemFields,
    { subject, name }: Principal,
  ): Promise<StorageItem | undefined> {
    return this._db
      .updateTable("storage_items")
      .set({
        display_name: displayName,
        description,
        modified_at: new Date(),
        modified_by: subject,
        modified_by_name: name,
      })
      .where("id", "=", id)
      .where("deleted_at", "is", null)
      .returningAll()
      .executeTakeFirst();
  }

  /** Puts a folder, with all that is in it, into another one of the same iTwin. */
  public async move(
    { id, itwin_id }: StorageItem,
    parentId: string,
    { subject, name }: Principal,
  ): Promise<StorageItem | PlaceFault> {
    return this._db.transaction().execute(async (transaction) => {
      await lockTree(transaction, itwin_id, "exclusive");
      if (!(await isFolder(transaction, parentId, itwin_id))) return "noSuchFolder";
      if (await isWithin(transaction, parentId, id)) return "isBelow";
      return transaction
        .updateTable("storage_items")
        .set({ parent_id: parentId, modified_at: new Date(), modified_by: subject, modified_by_name: name })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  }

  /**
   * Looks up where items are.
   * @returns what tells the names from the root to one of the items, joined by `/`. That of a root folder is empty
   */
  public async pathsOf(items: StorageItem[]): Promise<(item: StorageItem) => string> {
    const paths = await this._findPaths(items.map(({ id }) => id));
    return ({ id }) => paths.get(id) ?? "";
  }

  /** By the ids of items. Root folders have no row, and no path. */
  private async _findPaths(ids: string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this._db
      .withRecursive("above", (query) =>
        query
          .selectFrom("storage_items")
          .select(["id as of", "parent_id", "display_name as path"])
          .where("id", "in", ids)
          .unionAll(
            query
              .selectFrom("above")
              .innerJoin("storage_items as parent", "parent.id", "above.parent_id")
              .select([
                "above.of",
                "parent.parent_id",
                sql<string>`parent.display_name || '/' || above.path`.as("path"),
              ]),
          ),
      )
      .selectFrom("above")
      .select(["above.of", "above.path"])
      .where("above.parent_id", "not in", (query) => query.selectFrom("storage_items").select("storage_items.id"))
      .execute();
    return new Map(rows.map(({ of, path }) => [of, path]));
  }
}

/** The root folder of an iTwin, which has no row. */
export function rootFolderOf({ id, display_name, created_at, created_by }: ITwinRow): StorageItem {
  return {
    id,
    itwin_id: id,
    kind: "folder",
    parent_id: id,
    display_name,
    description: null,
    size: null,
    content_key: null,
    is_complete: true,
    created_at,
    created_by,
    created_by_name: created_by,
    modified_at: created_at,
    modified_by: created_by,
    modified_by_name: created_by,
    deleted_at: null,
    deleted_with: null,
    sequence: 0,
  };
}

/** Whether there is a folder that something can be put into. */
export async function isFolder(db: Kysely<Tables>, id: string, iTwinId: string): Promise<boolean> {
  if (id === iTwinId) return true;
  const row = await db
    .selectFrom("storage_items")
    .select("id")
    .where("id", "=", id)
    .where("itwin_id", "=", iTwinId)
    .where("kind", "=", "folder")
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}

async function isWithin(transaction: Transaction<Tables>, id: string, folderId: string): Promise<boolean> {
  const row = await withBelow(transaction, folderId)
    .selectFrom("below")
    .select("below.id")
    .where("below.id", "=", id)
    .executeTakeFirst();
  return id === folderId || row !== undefined;
}

type ItemQuery<O> = SelectQueryBuilder<Tables, "storage_items", O>;

function listed<O>(query: ItemQuery<O>): ItemQuery<O> {
  return query.where("deleted_at", "is", null).where("is_complete", "=", true);
}

/** Folders before files, then the order of creation: always the same, so that pages fit together. */
export function inOrder<O>(query: ItemQuery<O>, { $top, $skip }: Paging): ItemQuery<O> {
  return query.orderBy("kind", "desc").orderBy("sequence").limit($top).offset($skip);
}
