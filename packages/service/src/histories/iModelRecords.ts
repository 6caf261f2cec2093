import type { Kysely } from "kysely";
import type { BankIModel, Checkpoint } from "itwin-connector-framework/internal";
import type { IModelRow, Tables } from "../platform/database/tables.js";
import { notFound } from "../platform/errors.js";
import { iModelExists, iModelInUse } from "./errors.js";
import { recordCheckpoint } from "./historyRecords.js";

/** The corners of the region that an iModel is about. */
export interface Extent {
  southWest: { latitude: number; longitude: number };
  northEast: { latitude: number; longitude: number };
}

/** What a new iModel is to be. */
export interface NewIModelProps {
  iTwinId: string;
  name: string;
  description?: string;
  extent?: Extent | null;
  /** The `sub` of who creates it. */
  createdBy: string;
}

/**
 * Records a new iModel whose version 0 was uploaded.
 * @throws HttpError 404 `iTwinNotFound`, 409 `iModelExists`
 */
export async function insertIModel(
  db: Kysely<Tables>,
  { id, createdAt }: Pick<BankIModel, "id" | "createdAt">,
  { iTwinId, name, description, extent, createdBy }: NewIModelProps,
  versionZero: Checkpoint,
): Promise<IModelRow> {
  return db.transaction().execute(async (transaction) => {
    const iTwin = await transaction
      .selectFrom("itwins")
      .select("id")
      .where("id", "=", iTwinId)
      .forKeyShare()
      .executeTakeFirst();
    if (iTwin === undefined) throw notFound("iTwin");
    const row = await transaction
      .insertInto("imodels")
      .values({
        id,
        itwin_id: iTwinId,
        name,
        description,
        state: "initialized",
        extent: JSON.stringify(extent ?? null),
        created_at: new Date(createdAt),
        created_by: createdBy,
      })
      .onConflict((conflict) => conflict.columns(["itwin_id", "name"]).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw iModelExists();
    await recordCheckpoint(transaction, id, versionZero);
    return row;
  });
}

/**
 * Deletes an iModel with all that refers to it.
 * @throws HttpError 409 where a run of it is active
 */
export async function deleteIModel(db: Kysely<Tables>, iModelId: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Who creates a run needs its connection: from here on, no run begins.
    await transaction.selectFrom("connections").select("id").where("imodel_id", "=", iModelId).forUpdate().execute();
    const active = await transaction
      .selectFrom("runs")
      .select("id")
      .where("imodel_id", "=", iModelId)
      .where("state", "<>", "Completed")
      .executeTakeFirst();
    if (active !== undefined) throw iModelInUse();
    await transaction.deleteFrom("imodels").where("id", "=", iModelId).execute();
  });
}
