import type { Kysely, QueryCreator } from "kysely";
import type { Tables } from "../../platform/database/tables.js";

/** The tables, with one of the ids of all that is below a folder, whether it is in the bin or not. */
export type WithBelow = Tables & { below: { id: string } };

/** Begins a query that can use `below`. */
export function withBelow(db: Kysely<Tables>, folderId: string): QueryCreator<WithBelow> {
  return db.withRecursive("below", (query) =>
    query
      .selectFrom("storage_items")
      .select("storage_items.id")
      .where("parent_id", "=", folderId)
      .unionAll(
        query.selectFrom("below").innerJoin("storage_items as child", "child.parent_id", "below.id").select("child.id"),
      ),
  );
}
