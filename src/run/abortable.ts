/**
 * Waits for work, or until the signal aborts from now on. A signal that has aborted before does not end the wait, so that
 * what closes after an abort can still be waited for.
 * @throws the reason of the signal
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
  });
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Waits until work has ended, whatever comes of it. */
export async function hasEnded(work: Promise<unknown>): Promise<void> {
  await Promise.allSettled([work]);
}
