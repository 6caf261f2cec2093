import type { Kysely, Selectable, Transaction } from "kysely";
import { ConnectorError } from "itwin-connector-framework";
import type { RecordedChangeset } from "itwin-connector-framework/internal";
import type { HistoryGain } from "itwin-connector-framework/internal";
import type { Checkpoint } from "itwin-connector-framework/internal";
import { chunksOf } from "../platform/chunks.js";
import type { ChangesetTable, IModelRow, Tables } from "../platform/database/tables.js";
import { HistoryConflict } from "./errors.js";

/** What the database says of an iModel. */
export interface RecordedHistory extends HistoryGain {
  imodel: IModelRow;
}

/** Who pushed what is recorded. */
export interface Publisher {
  runId: string;
  userName: string;
}

/**
 * Reads what is recorded of an iModel.
 * @throws ConnectorError `service/unknown-imodel`
 */
export async function readHistory(db: Kysely<Tables>, iModelId: string): Promise<RecordedHistory> {
  const imodel = await db.selectFrom("imodels").selectAll().where("id", "=", iModelId).executeTakeFirst();
  if (imodel === undefined) throw unknownIModel(iModelId);
  // In this order: there is no checkpoint of a changeset that is not there.
  const checkpoints = await db
    .selectFrom("checkpoints")
    .select(["index as changesetIndex", "size", "checksum"])
    .where("imodel_id", "=", iModelId)
    .orderBy("index")
    .execute();
  const rows = await db
    .selectFrom("changesets")
    .selectAll()
    .where("imodel_id", "=", iModelId)
    .orderBy("index")
    .execute();
  return { imodel, checkpoints, changesets: rows.map(toChangeset) };
}

/** Those of some iModels that the service has. */
export async function recordedOf(db: Kysely<Tables>, iModelIds: string[]): Promise<Set<string>> {
  const recorded = new Set<string>();
  for (const chunk of chunksOf(iModelIds))
    for (const { id } of await db.selectFrom("imodels").select("id").where("id", "in", chunk).execute())
      recorded.add(id);
  return recorded;
}

/**
 * Records what an iModel has gained.
 * @throws HistoryConflict where somebody else has recorded one of these versions
 */
export async function recordGain(
  transaction: Transaction<Tables>,
  iModelId: string,
  { changesets, checkpoints }: HistoryGain,
  publisher: Publisher,
): Promise<void> {
  await holdIModel(transaction, iModelId);
  for (const changeset of changesets) {
    const recorded = await transaction
      .insertInto("changesets")
      .values(toRow(iModelId, changeset, publisher))
      .onConflict((conflict) => conflict.doNothing())
      .returning("index")
      .execute();
    if (recorded.length === 0) throw new HistoryConflict(iModelId);
  }
  for (const checkpoint of checkpoints) await recordCheckpoint(transaction, iModelId, checkpoint);
}

/**
 * Records a checkpoint.
 * @throws HistoryConflict where there is another one of the version
 */
export async function recordCheckpoint(
  transaction: Transaction<Tables>,
  iModelId: string,
  { changesetIndex, size, checksum }: Checkpoint,
): Promise<void> {
  const recorded = await transaction
    .insertInto("checkpoints")
    .values({ imodel_id: iModelId, index: changesetIndex, size, checksum })
    .onConflict((conflict) => conflict.doNothing())
    .returning("index")
    .execute();
  if (recorded.length === 0) throw new HistoryConflict(iModelId);
}

/** Keeps the iModel from being deleted until the transaction ends. */
async function holdIModel(transaction: Transaction<Tables>, iModelId: string): Promise<void> {
  const held = await transaction
    .selectFrom("imodels")
    .select("id")
    .where("id", "=", iModelId)
    .forKeyShare()
    .executeTakeFirst();
  if (held === undefined) throw unknownIModel(iModelId);
}

function toRow(iModelId: string, changeset: RecordedChangeset, { runId, userName }: Publisher): ChangesetTable {
  return {
    imodel_id: iModelId,
    index: changeset.index,
    id: changeset.id,
    parent_id: changeset.parentId,
    changes_type: changeset.changesType,
    briefcase_id: changeset.briefcaseId,
    description: changeset.description,
    size: changeset.size,
    checksum: changeset.checksum,
    uncompressed_size: changeset.uncompressedSize ?? null,
    pushed_at: new Date(changeset.pushDate),
    pushed_by: userName,
    run_id: runId,
  };
}

function toChangeset(row: Selectable<ChangesetTable>): RecordedChangeset {
  return {
    index: row.index,
    id: row.id,
    parentId: row.parent_id,
    changesType: row.changes_type,
    description: row.description,
    briefcaseId: row.briefcase_id,
    pushDate: row.pushed_at.toISOString(),
    userCreated: row.pushed_by,
    size: row.size,
    uncompressedSize: row.uncompressed_size ?? undefined,
    checksum: row.checksum,
  };
}

function unknownIModel(iModelId: string): ConnectorError {
  return new ConnectorError("service/unknown-imodel", `The service has no iModel ${iModelId}.`, {
    advice: "It may have been deleted; create it anew.",
  });
}
