import { BeEvent } from "@itwin/core-bentley";
import type { Transaction } from "kysely";
import { CompiledQuery } from "kysely";
import PgBoss from "pg-boss";
import type { ServiceDatabase } from "../platform/database/openDatabase.js";
import type { Tables } from "../platform/database/tables.js";
import type { RunQueue } from "../runs/RunQueue.js";

/** The queue of runs in pg-boss. */
export const runQueueName = "runs";

/**
 * Runs wait in pg-boss, in the database of the service. A run is in the queue once at most, under its own id, and leaves it
 * in the transaction in which a worker takes it up: it is in the queue or somebody's, never both and never neither.
 *
 * `PgBoss.work` is not used: it holds a run in the queue as long as it is executed, for 24 hours at most, and ends the
 * process when the database cannot be reached at that run's end.
 */
export class BossQueue implements RunQueue {
  /** Raised when a run may be waiting. */
  public readonly onWaiting = new BeEvent<() => void>();

  private constructor(public readonly boss: PgBoss) {}

  /** Opens the queue, and makes its tables where there are none. */
  public static async open(database: ServiceDatabase, onError: (error: Error) => void): Promise<BossQueue> {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => database.executeSql(text, values) },
      schedule: false,
    });
    boss.on("error", onError);
    await boss.start();
    await boss.createQueue(runQueueName);
    return new BossQueue(boss);
  }

  public async send(transaction: Transaction<Tables>, runId: string, delaySeconds = 0): Promise<void> {
    const place = { id: runId, startAfter: delaySeconds, db: within(transaction) };
    await this.boss.send(runQueueName, { runId }, place);
  }

  /** Takes the run that has waited longest out of the queue, in the transaction that gives it to a worker. */
  public async take(transaction: Transaction<Tables>): Promise<string | undefined> {
    const db = within(transaction);
    const [job] = await this.boss.fetch<{ runId: string }>(runQueueName, { db });
    if (job === undefined) return undefined;
    await this.boss.deleteJob(runQueueName, job.id, { db });
    return job.data.runId;
  }

  public notify(): void {
    this.onWaiting.raiseEvent();
  }

  public async close(): Promise<void> {
    await this.boss.stop({ graceful: false, wait: true });
  }
}

function within(transaction: Transaction<Tables>): PgBoss.Db {
  return {
    executeSql: async (text: string, values: unknown[]) =>
      transaction.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values)),
  };
}
