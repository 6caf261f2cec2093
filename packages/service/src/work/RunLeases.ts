import { sql, type Kysely, type UpdateObject } from "kysely";
import { now, secondsFromNow } from "../platform/database/clock.js";
import type { Tables } from "../platform/database/tables.js";
import type {
  ExecutionResult,
  ExecutionState,
  RunError,
  RunJob,
  RunPhaseName,
} from "../platform/database/columns/RunState.js";
import { announceRunEnd } from "../webhooks/announceRunEnd.js";
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

/** How a run is given back. */
export interface GiveBackOptions {
  /** Whether this was an attempt. */
  counts: boolean;
  /** Seconds before a worker may take it again. */
  delaySeconds: number;
}

type RunUpdate = UpdateObject<Tables, "runs">;

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
   * Ends the run, once and for all, and tells webhooks of it. Called in a transaction.
   * @throws LeaseLost, so that the transaction comes to nothing
   */
  public async finish(db: Kysely<Tables>, outcome: RunOutcome): Promise<void> {
    await this._update(db, endOfRun(outcome));
    await announceRunEnd(db, this.runId);
  }

  /**
   * Gives the run back before its end.
   * @throws LeaseLost
   */
  public async giveBack(jobs: RunJob[], { counts, delaySeconds }: GiveBackOptions): Promise<void> {
    const attempts = counts ? {} : { attempts: sql<number>`attempts - 1` };
    await this._update(this._db, { ...attempts, ...waiting(jobs, delaySeconds) });
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
export function waiting(jobs: RunJob[], delaySeconds = 0): RunUpdate {
  const available = secondsFromNow(delaySeconds);
  return { state: "Queued", worker_id: null, lease_until: null, available_at: available, jobs: toJson(jobs) };
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
