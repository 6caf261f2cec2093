import type { Transaction } from "kysely";
import { CompiledQuery } from "kysely";
import PgBoss from "pg-boss";
import type { ServiceDatabase } from "../database/openDatabase.js";
import type { Tables } from "../database/tables.js";
import type { RunQueue } from "../runs/RunQueue.js";

/** The queue of runs in pg-boss. */
export const runQueueName = "runs";

/** Runs wait in pg-boss, in the database of the service. */
export class BossQueue implements RunQueue {
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

  public async send(transaction: Transaction<Tables>, runId: string): Promise<void> {
    const executeSql = async (text: string, values: unknown[] = []) =>
      transaction.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values));
    await this.boss.send(runQueueName, { runId }, { db: { executeSql } });
  }

  public notify(): void {}

  public async close(): Promise<void> {
    await this.boss.stop({ graceful: false, wait: true });
  }
}
