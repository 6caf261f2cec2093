import type { Kysely, NotNull, UpdateObject } from "kysely";
import { now } from "../platform/database/clock.js";
import type { RunRow, Tables } from "../platform/database/tables.js";
import type { RunError } from "../platform/database/columns/RunState.js";
import { announceRunEnd } from "../webhooks/announceRunEnd.js";
import { endOfRun, waiting, type RunOutcome } from "./RunLeases.js";
import { RunJobs } from "./RunJobs.js";
import { RunStop } from "./RunStop.js";
import { describeError } from "./process/describeError.js";
import { WorkFolder } from "./sources/WorkFolder.js";
import type { WorkerContext } from "./WorkerContext.js";

/** So many runs are looked after at a time. */
const maxRuns = 1000;

/** Looks after runs that nobody cares for. In each process there is one; they do not get into each other's way. */
export class AbandonedRuns {
  public constructor(private readonly _context: WorkerContext) {}

  /**
   * Takes runs from workers that have died, and lets them wait for another one, or ends them after so many attempts. Ends
   * runs that are cancelled before they begin. Removes the folders that workers have left behind.
   */
  public async look(): Promise<void> {
    for (const run of await this._abandoned()) await this._takeAway(run);
    for (const run of await this._cancelled()) await this._cancel(run);
    await this._removeFolders();
  }

  private async _abandoned(): Promise<RunRow[]> {
    return this._active().where("lease_until", "<", now()).execute();
  }

  private async _cancelled(): Promise<RunRow[]> {
    return this._active().where("worker_id", "is", null).where("cancel_requested", "=", true).execute();
  }

  private async _removeFolders(): Promise<void> {
    const { db, config } = this._context;
    await WorkFolder.removeOthers(config.dataDirectory, async () => {
      const held = await db
        .selectFrom("runs")
        .select("worker_id")
        .where("worker_id", "is not", null)
        .$narrowType<{ worker_id: NotNull }>()
        .execute();
      return held.map(({ worker_id: leaseId }) => leaseId);
    });
  }

  private _active() {
    return this._context.db
      .selectFrom("runs")
      .selectAll()
      .where("state", "<>", "Completed")
      .orderBy("sequence")
      .limit(maxRuns);
  }

  private async _takeAway(run: RunRow): Promise<void> {
    const { config, log } = this._context;
    const jobs = new RunJobs(run.jobs);
    if (run.attempts >= config.limits.runAttempts) {
      const error = givenUp(run.attempts);
      jobs.failAll({ code: error.errorKey, message: error.description, isRetriable: false });
      if (await this._end(run, { result: "Error", jobs: jobs.jobs, error }))
        log.error({ runId: run.id, attempts: run.attempts }, "run given up");
      return;
    }
    jobs.retryAll({ counts: true });
    if (await this._change(run, waiting(jobs.jobs)))
      log.warn({ runId: run.id, workerId: run.worker_id }, "run taken from a worker that does not answer");
  }

  private async _cancel(run: RunRow): Promise<void> {
    const stop = new RunStop("cancelled");
    const jobs = new RunJobs(run.jobs);
    jobs.endRest("Cancelled", describeError(stop, "arguments", stop.code));
    const error = { errorKey: stop.code, description: stop.message };
    await this._end(run, { result: "Cancelled", jobs: jobs.jobs, error });
  }

  /** @returns whether nobody else was quicker */
  private async _end(run: RunRow, outcome: RunOutcome): Promise<boolean> {
    const hasEnded = await this._context.db.transaction().execute(async (transaction) => {
      if (!(await this._change(run, endOfRun(outcome), transaction))) return false;
      await announceRunEnd(transaction, run.id);
      return true;
    });
    if (hasEnded) this._context.metrics.runs.inc({ result: outcome.result });
    return hasEnded;
  }

  /**
   * Changes a run, provided that nobody else has meanwhile.
   * @returns whether it was changed
   */
  private async _change(
    run: RunRow,
    changes: UpdateObject<Tables, "runs">,
    db: Kysely<Tables> = this._context.db,
  ): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable("runs")
      .set({ ...changes, updated_at: now() })
      .where("id", "=", run.id)
      .where("state", "<>", "Completed")
      .where((eb) => (run.worker_id === null ? eb("worker_id", "is", null) : eb("worker_id", "=", run.worker_id)))
      .where((eb) => eb.or([eb("lease_until", "is", null), eb("lease_until", "<", now())]))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}

function givenUp(attempts: number): RunError {
  return {
    errorKey: "service/worker-died",
    description: `The worker that had the run died, ${attempts} times over. The log of the service may tell why.`,
  };
}
