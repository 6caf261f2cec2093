/** The longest time that a timer can wait, in milliseconds. A longer one would fire at once. */
export const longestPause = 2 ** 31 - 1;

/** Waits. @throws the reason of the signal, as soon as it is aborted */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(milliseconds, longestPause));
  });
  await unlessAborted(elapsed, signal).finally(() => clearTimeout(timer));
}

/** The result of `work`, which itself goes on when the wait for it ends. @throws the reason of the signal, when aborted */
export async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work;
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { signal: settled.signal });
  });
  return Promise.race([work, aborted]).finally(() => settled.abort());
}
