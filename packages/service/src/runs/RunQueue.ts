import type { Transaction } from "kysely";
import type { Tables } from "../platform/database/tables.js";

/** Where runs wait for a worker. */
export interface RunQueue {
  /**
   * Puts a run into the queue, in the transaction that creates it: there is no run that no worker hears of.
   * @param runId - the id of the run, which is all that a worker is told
   * @param delaySeconds - how long no worker shall have it
   */
  send(transaction: Transaction<Tables>, runId: string, delaySeconds?: number): Promise<void>;

  /** Wakes the workers of this process, once the transaction has been committed. */
  notify(): void;
}
