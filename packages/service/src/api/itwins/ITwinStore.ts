import { randomUUID } from "node:crypto";
import { sql, type ExpressionBuilder, type Kysely, type NotNull, type Selectable, type Transaction } from "kysely";
import type { Access } from "../../platform/auth/Access.js";
import type { Principal } from "../../platform/auth/Principal.js";
import { containing } from "../../platform/database/patterns.js";
import type { ITwinTable, Tables } from "../../platform/database/tables.js";
import { HttpError } from "../../platform/errors.js";
import { isUuid } from "../../platform/ids.js";
import type { ITwinChanges, ITwinsQuery, NewITwin } from "./iTwinSchemas.js";

export type ITwinRow = Selectable<ITwinTable>;

/** The iTwins of a service. */
export class ITwinStore {
  public constructor(
    private readonly _db: Kysely<Tables>,
    private readonly _access: Access,
  ) {}

  /** Creates an iTwin, of which the creator becomes a member. */
  public async create(props: NewITwin, createdBy: string): Promise<ITwinRow> {
    return this._db.transaction().execute(async (transaction) => {
      const row = await transaction
        .insertInto("itwins")
        .values({
          id: randomUUID(),
          display_name: props.displayName,
          class: props.class,
          sub_class: props.subClass,
          ...toColumns(props),
          status: props.status ?? "Active",
          created_at: new Date(),
          created_by: createdBy,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await this._access.add(transaction, createdBy, row.id);
      return row;
    });
  }

  /** An iTwin, whoever asks. */
  public async find(id: string): Promise<ITwinRow | undefined> {
    return this._db.selectFrom("itwins").selectAll().where("id", "=", id).executeTakeFirst();
  }

  /** A page of the iTwins that somebody is a member of, and one entry more where there is one. */
  public async list({ subject, iTwins }: Principal, asked: ITwinsQuery): Promise<ITwinRow[]> {
    const own = this._db.selectFrom("itwin_members").select("itwin_id").where("subject", "=", subject);
    const named = [...iTwins].filter(isUuid);
    let query = this._db.selectFrom("itwins").selectAll().orderBy("created_at").orderBy("id");
    if (!iTwins.has("*"))
      query = query.where((where) => where.or([where("id", "in", own), ...named.map((id) => where("id", "=", id))]));
    return query
      .where(filterOf(asked))
      .offset(asked.$skip)
      .limit(asked.$top + 1)
      .execute();
  }

  /** Changes what is given of an iTwin. */
  public async update(id: string, changes: ITwinChanges): Promise<ITwinRow> {
    return this._db
      .updateTable("itwins")
      .set({
        display_name: changes.displayName,
        class: changes.class,
        sub_class: changes.subClass,
        status: changes.status,
        ...toColumns(changes),
      })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /**
   * Deletes an iTwin with its storage.
   * @returns the keys of the blobs that nothing refers to any more
   * @throws HttpError 409 where it has iModels
   */
  public async delete(id: string): Promise<string[]> {
    return this._db.transaction().execute(async (transaction) => {
      await transaction.selectFrom("itwins").select("id").where("id", "=", id).forUpdate().execute();
      const iModel = await transaction.selectFrom("imodels").select("id").where("itwin_id", "=", id).executeTakeFirst();
      if (iModel !== undefined) throw hasIModels();
      const keys = await blobKeysOf(transaction, id);
      await transaction.deleteFrom("itwins").where("id", "=", id).execute();
      return keys;
    });
  }
}

/** Of the files of an iTwin, and of uploads that were begun. */
async function blobKeysOf(transaction: Transaction<Tables>, iTwinId: string): Promise<string[]> {
  const files = transaction
    .selectFrom("storage_items")
    .select("content_key as key")
    .where("itwin_id", "=", iTwinId)
    .where("content_key", "is not", null)
    .$narrowType<{ key: NotNull }>();
  const uploads = transaction
    .selectFrom("storage_uploads")
    .innerJoin("storage_items", "storage_items.id", "storage_uploads.item_id")
    .select("storage_uploads.key as key")
    .where("itwin_id", "=", iTwinId);
  const rows = await files.unionAll(uploads).execute();
  return rows.map(({ key }) => key);
}

/** What is not given stays as it is, or, in a new row, empty: `undefined` names no column to the database. */
function toColumns(given: ITwinChanges) {
  return {
    type: given.type,
    number: given.number,
    parent_id: given.parentId,
    geographic_location: given.geographicLocation,
    iana_time_zone: given.ianaTimeZone,
    data_center_location: given.dataCenterLocation,
  };
}

/** What the filters of a list ask for. iTwins have no account here, so none is of the account that is asked for. */
function filterOf({ includeInactive, iTwinAccountId, $search, ...asked }: ITwinsQuery) {
  const { subClass, status, type, number, displayName, parentId } = asked;
  const equal = { sub_class: subClass, status, type, number, display_name: displayName, parent_id: parentId };
  return (where: ExpressionBuilder<Tables, "itwins">) => {
    const filters = Object.entries(equal).flatMap(([column, value]) =>
      value === undefined ? [] : [where(sql<string>`${sql.ref(column)}::text`, "=", value)],
    );
    if (includeInactive === false) filters.push(where("status", "<>", "Inactive"));
    if (iTwinAccountId !== undefined) filters.push(where.lit(false));
    if ($search !== undefined)
      filters.push(
        where.or([where("display_name", "ilike", containing($search)), where("number", "ilike", containing($search))]),
      );
    return where.and(filters);
  };
}

function hasIModels(): HttpError {
  return new HttpError(409, "iTwinNotEmpty", "The iTwin has iModels. Delete them first.");
}
