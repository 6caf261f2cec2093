import { BeEvent } from "@itwin/core-bentley";
import type { Kysely } from "kysely";
import { now, secondsFromNow } from "../platform/database/clock.js";
import type { RunRow, Tables } from "../platform/database/tables.js";

/**
 * The runs that wait for a worker. They wait in their own table: a row that is not completed and has no worker is in the
 * queue, so that the state of a run and its place in the queue cannot disagree.
 */
export class RunQueue {
  /** Raised when a run may be waiting. */
  public readonly onWaiting = new BeEvent<() => void>();

  public constructor(private readonly _db: Kysely<Tables>) {}

  /** Wakes the workers of this process, once the transaction that creates a run has been committed. */
  public notify(): void {
    this.onWaiting.raiseEvent();
  }

  /**
   * Gives the run that has waited longest to a worker. Workers that take at once get different runs, and do not wait for
   * each other.
   * @param leaseId - a file name that was never used before, so that a second lease of the same worker differs from its first
   * @returns undefined where no run waits
   */
  public async take(leaseId: string, leaseSeconds: number): Promise<RunRow | undefined> {
    return this._db
      .updateTable("runs")
      .set({
        worker_id: leaseId,
        lease_until: secondsFromNow(leaseSeconds),
        attempts: (eb) => eb("attempts", "+", 1),
        state: "WaitingToExecute",
        updated_at: now(),
      })
      .where("id", "=", (eb) =>
        eb
          .selectFrom("runs as waiting")
          .select("waiting.id")
          .where("waiting.state", "<>", "Completed")
          .where("waiting.worker_id", "is", null)
          .where("waiting.available_at", "<=", now())
          .orderBy("waiting.available_at")
          .orderBy("waiting.sequence")
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .returningAll()
      .executeTakeFirst();
  }

  /** How many runs wait for a worker. */
  public async countWaiting(): Promise<number> {
    const { count } = await this._db
      .selectFrom("runs")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("state", "<>", "Completed")
      .where("worker_id", "is", null)
      .executeTakeFirstOrThrow();
    return count;
  }
}
