import type { Kysely } from "kysely";
import type { Tables } from "../platform/database/tables.js";
import { notFound } from "../platform/errors.js";

/**
 * The index of a version of an iModel by its index, its name, or the id of its changeset; `latest` is the last one. Where the
 * name of a version is the index of another one, the index counts.
 * @throws HttpError 404
 */
export async function findVersion(db: Kysely<Tables>, iModelId: string, version: string): Promise<number> {
  if (version === "latest") return latestVersion(db, iModelId);
  const found = isIndex(version)
    ? ((await findChangeset(db, iModelId, version)) ?? (await findNamed(db, iModelId, version)))
    : ((await findNamed(db, iModelId, version)) ?? (await findChangeset(db, iModelId, version)));
  if (found === undefined) throw notFound("Version");
  return found;
}

/**
 * Requires that an iModel has a version.
 * @throws HttpError 404
 */
export async function requireVersion(db: Kysely<Tables>, iModelId: string, index: number): Promise<void> {
  if ((await findChangeset(db, iModelId, String(index))) === undefined) throw notFound("Version");
}

/** The index of the last version of an iModel. */
export async function latestVersion(db: Kysely<Tables>, iModelId: string): Promise<number> {
  const { latest } = await db
    .selectFrom("changesets")
    .select(({ fn }) => fn.max<number | null>("index").as("latest"))
    .where("imodel_id", "=", iModelId)
    .executeTakeFirstOrThrow();
  return latest ?? 0;
}

/** The id of the changeset at an index. Empty for version 0. */
export async function changesetIdOf(db: Kysely<Tables>, iModelId: string, index: number): Promise<string> {
  const row = await db
    .selectFrom("changesets")
    .select("id")
    .where("imodel_id", "=", iModelId)
    .where("index", "=", index)
    .executeTakeFirst();
  return row?.id ?? "";
}

async function findNamed(db: Kysely<Tables>, iModelId: string, name: string): Promise<number | undefined> {
  const row = await db
    .selectFrom("named_versions")
    .select("changeset_index")
    .where("imodel_id", "=", iModelId)
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.changeset_index;
}

async function findChangeset(db: Kysely<Tables>, iModelId: string, idOrIndex: string): Promise<number | undefined> {
  if (idOrIndex === "0") return 0;
  const row = await db
    .selectFrom("changesets")
    .select("index")
    .where("imodel_id", "=", iModelId)
    .where((where) => (isIndex(idOrIndex) ? where("index", "=", Number(idOrIndex)) : where("id", "=", idOrIndex)))
    .executeTakeFirst();
  return row?.index;
}

/** Whether a text is the index of a changeset; ids have 40 digits. */
export function isIndex(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}
