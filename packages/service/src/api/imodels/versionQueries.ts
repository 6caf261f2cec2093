import { randomUUID } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import { containing } from "../../platform/database/patterns.js";
import type { ChangesetTable, NamedVersionTable, Tables } from "../../platform/database/tables.js";
import type { Order } from "../../platform/http/ordering.js";
import { isIndex } from "../../histories/versions.js";
import type { ChangesetsQuery } from "./changesetSchemas.js";
import type { NamedVersionsQuery } from "./namedVersionSchemas.js";

/** A changeset with what else is shown of it. */
export interface ShownChangeset extends Selectable<ChangesetTable> {
  /** The first named version of it. */
  named_version_id: string | null;
}

/** A named version with what else is shown of it. */
export interface ShownNamedVersion extends Selectable<NamedVersionTable> {
  /** Null for version 0. */
  changeset_id: string | null;
}

/** A changeset by its id or its index. */
export async function findChangeset(
  db: Kysely<Tables>,
  iModelId: string,
  idOrIndex: string,
): Promise<ShownChangeset | undefined> {
  const query = selectChangesets(db, iModelId);
  const found = isIndex(idOrIndex)
    ? query.where("index", "=", Number(idOrIndex))
    : query.where("changesets.id", "=", idOrIndex);
  return found.executeTakeFirst();
}

/** A page of the changesets of an iModel, and one entry more where there is one. */
export async function listChangesets(
  db: Kysely<Tables>,
  iModelId: string,
  { afterIndex, lastIndex, $top, $skip }: ChangesetsQuery,
  orders: Order<"index">[],
): Promise<ShownChangeset[]> {
  let query = selectChangesets(db, iModelId);
  if (afterIndex !== undefined) query = query.where("index", ">", afterIndex);
  if (lastIndex !== undefined) query = query.where("index", "<=", lastIndex);
  const [{ direction } = { direction: "asc" as const }] = orders;
  return query
    .orderBy("index", direction)
    .offset($skip)
    .limit($top + 1)
    .execute();
}

/** A named version by its id. */
export async function findNamedVersion(
  db: Kysely<Tables>,
  iModelId: string,
  id: string,
): Promise<ShownNamedVersion | undefined> {
  return selectNamedVersions(db, iModelId).where("named_versions.id", "=", id).executeTakeFirst();
}

/** A page of the named versions of an iModel, and one entry more where there is one. */
export async function listNamedVersions(
  db: Kysely<Tables>,
  iModelId: string,
  { name, state, $search, $top, $skip }: NamedVersionsQuery,
  orders: Order<"changeset_index" | "created_at">[],
): Promise<ShownNamedVersion[]> {
  let query = selectNamedVersions(db, iModelId);
  if (name !== undefined) query = query.where("named_versions.name", "=", name);
  if (state === "hidden") query = query.where((where) => where.lit(false)); // all are visible
  if ($search !== undefined)
    query = query.where((where) =>
      where.or([
        where("named_versions.name", "ilike", containing($search)),
        where("named_versions.description", "ilike", containing($search)),
      ]),
    );
  for (const { column, direction } of orders) query = query.orderBy(column, direction);
  return query
    .orderBy("named_versions.created_at")
    .orderBy("named_versions.id")
    .offset($skip)
    .limit($top + 1)
    .execute();
}

/** What a new named version is to be. */
export type NewNamedVersionRow = Pick<NamedVersionTable, "imodel_id" | "changeset_index" | "name" | "description"> & {
  created_by: string;
};

/** Names a version. @returns the id of the named version, or undefined where the name is in use */
export async function nameVersion(db: Kysely<Tables>, version: NewNamedVersionRow): Promise<string | undefined> {
  const row = await db
    .insertInto("named_versions")
    .values({ ...version, id: randomUUID(), created_at: new Date() })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

function selectChangesets(db: Kysely<Tables>, iModelId: string) {
  return db
    .selectFrom("changesets")
    .selectAll()
    .select((select) =>
      select
        .selectFrom("named_versions")
        .select("named_versions.id")
        .whereRef("named_versions.imodel_id", "=", "changesets.imodel_id")
        .whereRef("named_versions.changeset_index", "=", "changesets.index")
        .orderBy("named_versions.created_at")
        .limit(1)
        .as("named_version_id"),
    )
    .where("imodel_id", "=", iModelId);
}

function selectNamedVersions(db: Kysely<Tables>, iModelId: string) {
  return db
    .selectFrom("named_versions")
    .selectAll("named_versions")
    .leftJoin("changesets", (join) =>
      join
        .onRef("changesets.imodel_id", "=", "named_versions.imodel_id")
        .onRef("changesets.index", "=", "named_versions.changeset_index"),
    )
    .select("changesets.id as changeset_id")
    .where("named_versions.imodel_id", "=", iModelId);
}
