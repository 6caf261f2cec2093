import { ApiError, isUncertain } from "./http/errors.js";
import type { CallOptions } from "./http/api.js";
import type { RetryOptions } from "./http/retry.js";
import { pause } from "./http/pause.js";

/** When to give up: after a number of attempts, or when the signal is aborted. */
export type PatientOptions = CallOptions & RetryOptions;

/**
 * Finds something, or makes it if it does not exist. After an attempt of unknown result, and after a conflict with another
 * client, looks for it again before the next attempt, so that nothing is made twice.
 */
export async function findOrMake<T>(
  find: () => Promise<T | undefined>,
  make: () => Promise<T>,
  { signal, retries = 5, retryDelay = 500, onRetry }: PatientOptions,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const found = await find();
    if (found !== undefined) return found;
    try {
      return await make();
    } catch (error) {
      if (attempt === retries || !(isUncertain(error) || isConflict(error))) throw error;
      onRetry?.(error as Error);
      await pause(Math.max(retryDelay * 2 ** attempt, askedPause(error)), signal);
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

/** How long the service asks to wait, in milliseconds. */
function askedPause(error: unknown): number {
  return 1000 * (error instanceof ApiError ? (error.retryAfter ?? 0) : 0);
}
