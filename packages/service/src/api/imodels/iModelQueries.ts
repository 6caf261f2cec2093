import type { Kysely } from "kysely";
import { containing } from "../../platform/database/patterns.js";
import { isUniqueViolation } from "../../platform/database/violations.js";
import type { IModelRow, Tables } from "../../platform/database/tables.js";
import type { Order } from "../../platform/http/ordering.js";
import { iModelExists } from "../../histories/errors.js";
import type { IModelChanges, IModelsQuery } from "./iModelSchemas.js";

/** An iModel with what else is shown of it. */
export interface ShownIModel extends IModelRow {
  /** Of its iTwin. */
  data_center_location: string | null;
  /** When its last changeset was pushed. */
  last_pushed_at: Date | null;
}

/** An iModel, whoever asks. */
export async function findIModel(db: Kysely<Tables>, id: string): Promise<ShownIModel | undefined> {
  return selectIModels(db).where("imodels.id", "=", id).executeTakeFirst();
}

/** A page of the iModels of an iTwin, and one entry more where there is one. */
export async function listIModels(
  db: Kysely<Tables>,
  { iTwinId, name, state, $search, $top, $skip }: IModelsQuery,
  orders: Order<"name" | "created_at">[],
): Promise<ShownIModel[]> {
  let query = selectIModels(db).where("imodels.itwin_id", "=", iTwinId);
  if (name !== undefined) query = query.where("imodels.name", "=", name);
  if (state !== undefined) query = query.where("imodels.state", "=", state);
  if ($search !== undefined)
    query = query.where((where) =>
      where.or([
        where("imodels.name", "ilike", containing($search)),
        where("imodels.description", "ilike", containing($search)),
      ]),
    );
  for (const { column, direction } of orders) query = query.orderBy(`imodels.${column}`, direction);
  return query
    .orderBy("imodels.sequence")
    .offset($skip)
    .limit($top + 1)
    .execute();
}

/**
 * Changes what is given of an iModel.
 * @throws HttpError 409 `iModelExists`
 */
export async function updateIModel(
  db: Kysely<Tables>,
  id: string,
  { name, description, extent }: IModelChanges,
): Promise<void> {
  try {
    await db
      .updateTable("imodels")
      .set({ name, description, extent: extent === undefined ? undefined : JSON.stringify(extent) })
      .where("id", "=", id)
      .execute();
  } catch (error) {
    throw isUniqueViolation(error) ? iModelExists() : error;
  }
}

function selectIModels(db: Kysely<Tables>) {
  return db
    .selectFrom("imodels")
    .innerJoin("itwins", "itwins.id", "imodels.itwin_id")
    .selectAll("imodels")
    .select("itwins.data_center_location")
    .select((select) =>
      select
        .selectFrom("changesets")
        .select(({ fn }) => fn.max<Date | null>("pushed_at").as("at"))
        .whereRef("changesets.imodel_id", "=", "imodels.id")
        .as("last_pushed_at"),
    );
}
