import { setTimeout as delay } from "node:timers/promises";

/** Waits, unless it is told to end: then it throws what it was told to end with. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}
