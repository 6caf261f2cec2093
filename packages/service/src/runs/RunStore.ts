import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { sql, type Kysely, type Transaction } from "kysely";
import { now } from "../platform/database/clock.js";
import type { ConnectionRow, Tables } from "../platform/database/tables.js";
import { shownColumns, type ShownRun } from "./shownColumns.js";
import type { Paging } from "../platform/http/paging.js";
import type { Settings } from "../platform/database/columns/Settings.js";
import type { RunQueue } from "./RunQueue.js";

/** What a new run is to do. */
export interface NewRun {
  /** The jobs, as JSON. */
  jobs: string;
  /** The manifest, as JSON. */
  manifest?: string;
  /** What is set for it. */
  settings: Settings;
  /** Who asked for it. */
  requestedBy: string;
}

/** The versions of an iModel between which a run stands. They are the same where it changed nothing. */
export interface RunVersions {
  from: number;
  to: number;
}

/** What came of the request for a run: a new one, the one that the iModel has already, or another request that is first. */
export type RunStart = { kind: "created"; runId: string } | { kind: "active"; run: ActiveRun } | { kind: "conflict" };

/** A run that is not over, and whose it is. */
export interface ActiveRun {
  id: string;
  connection: Pick<ConnectionRow, "id" | "kind" | "imodel_id">;
}

/** In milliseconds: requests for runs of an iModel that come within this time come at once. */
const moment = 25;

/** The runs of all connections, and the rule that an iModel has one active run at most. */
export class RunStore {
  /** iModels for which this process handles a request for a run at the moment. */
  private readonly _starting = new Set<string>();

  public constructor(
    private readonly _db: Kysely<Tables>,
    private readonly _queue: RunQueue,
  ) {}

  /**
   * Creates a run, and makes it the last one of its connection, unless the iModel has an active run. Of requests that come
   * at once, to this process or to others, one is handled, and the others are told of the conflict.
   * @param describe - says what the run is to do; called in the transaction of its creation
   */
  public async start(
    connection: ConnectionRow,
    describe: (transaction: Transaction<Tables>) => Promise<NewRun>,
  ): Promise<RunStart> {
    const { imodel_id: iModelId } = connection;
    if (this._starting.has(iModelId)) return { kind: "conflict" };
    this._starting.add(iModelId);
    try {
      await setTimeout(moment);
      const start = await this._db
        .transaction()
        .execute((transaction) => this._start(transaction, connection, describe));
      if (start.kind === "created") this._queue.notify();
      return start;
    } finally {
      this._starting.delete(iModelId);
    }
  }

  private async _start(
    transaction: Transaction<Tables>,
    connection: ConnectionRow,
    describe: (transaction: Transaction<Tables>) => Promise<NewRun>,
  ): Promise<RunStart> {
    if (!(await tryLock(transaction, connection.imodel_id))) return { kind: "conflict" };
    const active = await findActive(transaction, connection.imodel_id);
    if (active !== undefined) return { kind: "active", run: active };
    const runId = randomUUID();
    await insertRun(transaction, runId, connection, await describe(transaction));
    return { kind: "created", runId };
  }

  /** The runs of a connection, newest first, since clients look at the first page only; one more than it holds. */
  public async list(connectionId: string, { $top, $skip }: Paging): Promise<ShownRun[]> {
    return this._db
      .selectFrom("runs")
      .select(shownColumns)
      .where("connection_id", "=", connectionId)
      .orderBy("sequence", "desc")
      .limit($top + 1)
      .offset($skip)
      .execute();
  }

  /** What the tasks of a run did, by the ids of the tasks. */
  public async reports(runId: string): Promise<Map<string, object>> {
    const rows = await this._db.selectFrom("task_reports").selectAll().where("run_id", "=", runId).execute();
    return new Map(rows.map(({ task_id: taskId, report }) => [taskId, report]));
  }

  /** The version of the iModel after a run, and the one before; undefined while the run goes on. */
  public async versions({ id, imodel_id: iModelId, ended_at: end }: ShownRun): Promise<RunVersions | undefined> {
    if (end === null) return undefined;
    const select = this._db.selectFrom("changesets").where("imodel_id", "=", iModelId);
    const own = await select
      .select(({ fn }) => [fn.min<number | null>("index").as("first"), fn.max<number | null>("index").as("last")])
      .where("run_id", "=", id)
      .executeTakeFirstOrThrow();
    if (own.first !== null && own.last !== null) return { from: own.first - 1, to: own.last };
    const { latest } = await select
      .select(({ fn }) => fn.max<number | null>("index").as("latest"))
      .where("pushed_at", "<=", end)
      .executeTakeFirstOrThrow();
    return { from: latest ?? 0, to: latest ?? 0 };
  }

  /**
   * Asks for the end of a run. The worker that has it notices within seconds.
   * @returns whether it was active
   */
  public async cancel(runId: string): Promise<boolean> {
    const { numUpdatedRows } = await this._db
      .updateTable("runs")
      .set({ cancel_requested: true, updated_at: now() })
      .where("id", "=", runId)
      .where("state", "!=", "Completed")
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}

/** A lock on the runs of an iModel, which ends with the transaction. */
async function tryLock(transaction: Transaction<Tables>, iModelId: string): Promise<boolean> {
  const query = sql<{
    taken: boolean;
  }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${`run ${iModelId}`}, 0)) AS taken`;
  const { rows } = await query.execute(transaction);
  return rows.some(({ taken }) => taken);
}

async function findActive(transaction: Transaction<Tables>, iModelId: string): Promise<ActiveRun | undefined> {
  const row = await transaction
    .selectFrom("runs")
    .innerJoin("connections", "connections.id", "runs.connection_id")
    .select(["runs.id as runId", "connections.id", "connections.kind", "connections.imodel_id"])
    .where("runs.imodel_id", "=", iModelId)
    .where("runs.state", "!=", "Completed")
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { runId, ...connection } = row;
  return { id: runId, connection };
}

async function insertRun(
  transaction: Transaction<Tables>,
  id: string,
  connection: ConnectionRow,
  { jobs, manifest, settings, requestedBy }: NewRun,
): Promise<void> {
  await transaction
    .insertInto("runs")
    .values({
      id,
      connection_id: connection.id,
      imodel_id: connection.imodel_id,
      state: "Queued",
      result: "Undetermined",
      phase: "Preprocessor",
      started_at: now(),
      jobs,
      manifest: manifest ?? null,
      settings: JSON.stringify(settings),
      requested_by: requestedBy,
      attempts: 0,
      cancel_requested: false,
      updated_at: now(),
    })
    .execute();
  await transaction.updateTable("connections").set({ last_run_id: id }).where("id", "=", connection.id).execute();
}
