import type { Insertable, Kysely, NotNull, Transaction, Updateable } from "kysely";
import { chunksOf } from "../../platform/chunks.js";
import { BatchedReads } from "../../platform/database/BatchedReads.js";
import type { ConnectionRow, ConnectionTable, RunRow, SourceFileRow, Tables } from "../../platform/database/tables.js";
import { shownColumns, type ShownRun } from "../../runs/shownColumns.js";
import type { Paging } from "../../platform/http/paging.js";

/** The columns of a new connection that are not made by the database. */
export type NewConnection = Omit<Insertable<ConnectionTable>, "sequence" | "last_run_id">;

/** The columns of a connection that can be changed. */
export type ConnectionChanges = Pick<
  Updateable<ConnectionTable>,
  "display_name" | "authentication_type" | "run_options"
>;

/** A source file that a connection is to have. */
export type NewSourceFile = Omit<SourceFileRow, "sequence" | "connection_id" | "imodel_id">;

/** A source file that is in the storage. */
export type StorageFileRow = SourceFileRow & { storage_file_id: string; connector_type: string };

/** The rows of connections and of their source files. */
export class ConnectionStore {
  private readonly _connections: BatchedReads<ConnectionRow>;
  private readonly _runs: BatchedReads<ShownRun>;

  public constructor(private readonly _db: Kysely<Tables>) {
    this._connections = new BatchedReads(async (ids) => {
      return byId(await _db.selectFrom("connections").selectAll().where("id", "in", ids).execute());
    });
    this._runs = new BatchedReads(async (ids) => {
      return byId(await _db.selectFrom("runs").select(shownColumns).where("id", "in", ids).execute());
    });
  }

  /** A connection by the UUID in its id. */
  public async find(id: string): Promise<ConnectionRow | undefined> {
    return this._connections.get(id);
  }

  /** A run of a connection. What clients poll. */
  public async findRun(connection: ConnectionRow, runId: string): Promise<ShownRun | undefined> {
    const run = await this._runs.get(runId);
    return run?.connection_id === connection.id ? run : undefined;
  }

  /** A run with its manifest, whichever connection has it. */
  public async findAnyRun(runId: string): Promise<RunRow | undefined> {
    return this._db.selectFrom("runs").selectAll().where("id", "=", runId).executeTakeFirst();
  }

  /**
   * The connections of an iModel, oldest first, one more than the page holds.
   * @param kind - undefined for both kinds
   */
  public async list(
    iModelId: string,
    kind: ConnectionRow["kind"] | undefined,
    { $top, $skip }: Paging,
  ): Promise<ConnectionRow[]> {
    let query = this._db.selectFrom("connections").selectAll().where("imodel_id", "=", iModelId);
    if (kind !== undefined) query = query.where("kind", "=", kind);
    return query
      .orderBy("sequence")
      .limit($top + 1)
      .offset($skip)
      .execute();
  }

  /** Creates a connection with its source files. */
  public async create(connection: NewConnection, files: NewSourceFile[]): Promise<ConnectionRow> {
    return this._db.transaction().execute(async (transaction) => {
      const row = await transaction
        .insertInto("connections")
        .values(connection)
        .returningAll()
        .executeTakeFirstOrThrow();
      for (const chunk of chunksOf(files)) {
        const rows = chunk.map((file) => ({ ...file, connection_id: row.id, imodel_id: row.imodel_id }));
        await transaction.insertInto("source_files").values(rows).execute();
      }
      return row;
    });
  }

  /** Changes what may be changed of a connection. */
  public async update({ id }: ConnectionRow, changes: ConnectionChanges): Promise<ConnectionRow | undefined> {
    if (Object.keys(changes).length === 0) return this.find(id);
    return this._db.updateTable("connections").set(changes).where("id", "=", id).returningAll().executeTakeFirst();
  }

  /**
   * Removes a connection with its source files and runs.
   * @returns whether it could: a connection with an active run stays, since the run is what keeps others from the iModel
   */
  public async delete({ id }: ConnectionRow): Promise<boolean> {
    return this._db.transaction().execute(async (transaction) => {
      await transaction.selectFrom("connections").select("id").where("id", "=", id).forUpdate().execute();
      const active = await transaction
        .selectFrom("runs")
        .select("id")
        .where("connection_id", "=", id)
        .where("state", "!=", "Completed")
        .executeTakeFirst();
      if (active === undefined) await transaction.deleteFrom("connections").where("id", "=", id).execute();
      return active === undefined;
    });
  }

  /** The source files of a connection, oldest first, one more than the page holds. */
  public async listSourceFiles({ id }: ConnectionRow, { $top, $skip }: Paging): Promise<SourceFileRow[]> {
    return this._db
      .selectFrom("source_files")
      .selectAll()
      .where("connection_id", "=", id)
      .orderBy("sequence")
      .limit($top + 1)
      .offset($skip)
      .execute();
  }

  /** The files of the storage that a connection has. */
  public async storageFiles({ id }: ConnectionRow, transaction: Transaction<Tables>): Promise<StorageFileRow[]> {
    return transaction
      .selectFrom("source_files")
      .selectAll()
      .where("connection_id", "=", id)
      .where("storage_file_id", "is not", null)
      .where("connector_type", "is not", null)
      .$narrowType<{ storage_file_id: NotNull; connector_type: NotNull }>()
      .orderBy("sequence")
      .execute();
  }

  /** A source file of a connection. */
  public async findSourceFile({ id }: ConnectionRow, sourceFileId: string): Promise<SourceFileRow | undefined> {
    return this._db
      .selectFrom("source_files")
      .selectAll()
      .where("connection_id", "=", id)
      .where("id", "=", sourceFileId)
      .executeTakeFirst();
  }

  /** Adds a source file. The database refuses one that the iModel has already. */
  public async addSourceFile({ id, imodel_id: iModelId }: ConnectionRow, file: NewSourceFile): Promise<SourceFileRow> {
    const row = { ...file, connection_id: id, imodel_id: iModelId };
    return this._db.insertInto("source_files").values(row).returningAll().executeTakeFirstOrThrow();
  }

  /** Puts other columns in the place of those of a source file. */
  public async updateSourceFile({ id }: SourceFileRow, file: NewSourceFile): Promise<SourceFileRow | undefined> {
    return this._db
      .updateTable("source_files")
      .set({ ...file, id })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirst();
  }

  /** Takes a source file from its connection; another may have it then. */
  public async removeSourceFile({ id }: SourceFileRow): Promise<void> {
    await this._db.deleteFrom("source_files").where("id", "=", id).execute();
  }
}

function byId<Row extends { id: string }>(rows: Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
