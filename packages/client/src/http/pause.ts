import { setTimeout as delay } from "node:timers/promises";

/** The longest time that a timer can wait, in milliseconds; a longer one would be over at once. */
export const longestPause = 2 ** 31 - 1;

/** Waits, unless it is told to end: then it throws what it was told to end with. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(Math.min(milliseconds, longestPause), undefined, { signal });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}

/** What a promise comes to, unless it is told to end before: what goes on then is of no interest any more. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
