import type { Kysely } from "kysely";
import type { Tables } from "../../../platform/database/tables.js";
import { fromLongId, isUuid } from "../../../platform/ids.js";
import type { ConfigurationScope } from "../../../runs/settings/Configurations.js";

/** A kind of scope, as the paths of its configurations name it. */
export interface ScopeKind {
  name: "iTwin" | "iModel" | "connection";
  /** In paths, below `/synchronization/configurations`. */
  segment: "itwins" | "imodels" | "connections";
  /** The parameter of the path, and the target of errors. */
  parameter: "itwinid" | "imodelid" | "connectionid";
  /** Whether a text has the form of an id. */
  isId: (text: string) => boolean;
  /** The scope with an id. */
  find: (db: Kysely<Tables>, id: string) => Promise<ConfigurationScope | undefined>;
}

/** The kinds of scopes, the widest first. */
export const scopeKinds: readonly ScopeKind[] = [
  { name: "iTwin", segment: "itwins", parameter: "itwinid", isId: isUuid, find: findITwin },
  { name: "iModel", segment: "imodels", parameter: "imodelid", isId: isUuid, find: findIModel },
  {
    name: "connection",
    segment: "connections",
    parameter: "connectionid",
    isId: (text) => fromLongId(text) !== undefined,
    find: findConnection,
  },
];

async function findITwin(db: Kysely<Tables>, id: string): Promise<ConfigurationScope | undefined> {
  const row = await db.selectFrom("itwins").select("id").where("id", "=", id).executeTakeFirst();
  return row && { iTwinId: row.id };
}

async function findIModel(db: Kysely<Tables>, id: string): Promise<ConfigurationScope | undefined> {
  const row = await db.selectFrom("imodels").select(["id", "itwin_id"]).where("id", "=", id).executeTakeFirst();
  return row && { iTwinId: row.itwin_id, iModelId: row.id };
}

/** Storage and manifest connections alike. */
async function findConnection(db: Kysely<Tables>, longId: string): Promise<ConfigurationScope | undefined> {
  const { ownerId, itemId } = fromLongId(longId) ?? {};
  if (ownerId === undefined || itemId === undefined) return undefined;
  const row = await db
    .selectFrom("connections")
    .select(["id", "itwin_id", "imodel_id", "run_options"])
    .where("id", "=", itemId)
    .where("imodel_id", "=", ownerId)
    .executeTakeFirst();
  return row && { iTwinId: row.itwin_id, iModelId: row.imodel_id, connection: row };
}
