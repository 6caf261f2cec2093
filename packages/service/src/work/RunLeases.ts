import { sql, type Kysely, type UpdateObject } from "kysely";
import { now, secondsFromNow } from "../platform/database/clock.js";
import type { RunRow, Tables } from "../platform/database/tables.js";
import type {
  ExecutionResult,
  ExecutionState,
  RunError,
  RunJob,
  RunPhaseName,
} from "../platform/database/columns/RunState.js";
import { toJson } from "./toJson.js";

/** A worker that has lost its run: whatever it was doing with it is somebody else's by now, or over. */
export class LeaseLost extends Error {
  public constructor(runId: string) {
    super(`the lease of the run ${runId} is lost`);
    this.name = "LeaseLost";
  }
}

/** How far a run is. */
export interface RunProgressState {
  state: ExecutionState;
  phase: RunPhaseName;
  jobs: RunJob[];
}

/** What a run came to. */
export interface RunOutcome {
  result: ExecutionResult;
  jobs: RunJob[];
  error?: RunError;
}

type RunUpdate = UpdateObject<Tables, "runs">;

/**
 * Takes up a run that is not over and that nobody has: one statement, so that of several workers one gets it.
 * @param leaseId - a file name, never used before, so that a worker that takes up again what it lost is told from what it was before
 * @returns undefined where somebody else has it, or it is over
 */
export async function claimRun(
  db: Kysely<Tables>,
  runId: string,
  leaseId: string,
  leaseSeconds: number,
): Promise<RunRow | undefined> {
  return db
    .updateTable("runs")
    .set({
      worker_id: leaseId,
      lease_until: secondsFromNow(leaseSeconds),
      attempts: (eb) => eb("attempts", "+", 1),
      state: "WaitingToExecute",
      updated_at: now(),
    })
    .where("id", "=", runId)
    .where("state", "<>", "Completed")
    .where((eb) => eb.or([eb("worker_id", "is", null), eb("lease_until", "<", now())]))
    .returningAll()
    .executeTakeFirst();
}

/** The right of a worker to a run, which it must renew, and without which it can write nothing of it. */
export class RunLease {
  public constructor(
    private readonly _db: Kysely<Tables>,
    public readonly runId: string,
    public readonly leaseId: string,
    private readonly _seconds: number,
  ) {}

  /**
   * Makes the lease last its full time from now on.
   * @returns whether the run is to be cancelled
   * @throws LeaseLost
   */
  public async renew(): Promise<boolean> {
    const row = await this._db
      .updateTable("runs")
      .set({ lease_until: secondsFromNow(this._seconds) })
      .where("id", "=", this.runId)
      .where("worker_id", "=", this.leaseId)
      .returning("cancel_requested")
      .executeTakeFirst();
    if (row === undefined) throw new LeaseLost(this.runId);
    return row.cancel_requested;
  }

  /** @throws LeaseLost */
  public async save({ state, phase, jobs }: RunProgressState): Promise<void> {
    await this._update(this._db, { state, phase, jobs: toJson(jobs) });
  }

  /**
   * Ends the run, once and for all.
   * @throws LeaseLost, so that the transaction comes to nothing
   */
  public async finish(db: Kysely<Tables>, outcome: RunOutcome): Promise<void> {
    await this._update(db, endOfRun(outcome));
  }

  /**
   * Gives the run back before its end.
   * @param counts - whether this was an attempt
   * @throws LeaseLost
   */
  public async giveBack(db: Kysely<Tables>, jobs: RunJob[], { counts }: { counts: boolean }): Promise<void> {
    const attempts = counts ? {} : { attempts: sql<number>`attempts - 1` };
    await this._update(db, { ...attempts, ...waiting(jobs) });
  }

  private async _update(db: Kysely<Tables>, changes: RunUpdate): Promise<void> {
    const { numUpdatedRows } = await db
      .updateTable("runs")
      .set({ ...changes, updated_at: now() })
      .where("id", "=", this.runId)
      .where("worker_id", "=", this.leaseId)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new LeaseLost(this.runId);
  }
}

/** A run that waits for a worker. */
export function waiting(jobs: RunJob[]): RunUpdate {
  return { state: "Queued", worker_id: null, lease_until: null, jobs: toJson(jobs) };
}

/** A run that is over. */
export function endOfRun({ result, jobs, error }: RunOutcome): RunUpdate {
  return {
    state: "Completed",
    result,
    jobs: toJson(jobs),
    ...(error && { error: toJson(error) }),
    ended_at: now(),
    worker_id: null,
    lease_until: null,
  };
}
