import { setTimeout as delay } from "node:timers/promises";
import { DatabaseUnavailable } from "../platform/database/DatabaseUnavailable.js";

/** In milliseconds. */
const pause = 500;

/** Does what needs the database, and does it again while the database does not answer, until the signal is aborted. */
export async function whenAvailable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || signal.aborted) throw error;
      await delay(pause, undefined, { signal }).catch(() => {}); // the next failure is the last then
    }
}
