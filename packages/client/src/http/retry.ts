import pRetry from "p-retry";
import { ApiError, NoAnswerError } from "./errors.js";
import { pause } from "./pause.js";

/** How failed requests are repeated. */
export interface RetryOptions {
  /** The number of times that a failed request is repeated. Default: 5. */
  retries?: number;
  /** The pause before the first repetition, which doubles with each further one. In milliseconds. Default: 500. */
  retryDelay?: number;
  /** Called with each failure after which a request is repeated. */
  onRetry?: (error: Error) => void;
}

/** The longest pause between two repetitions, in milliseconds, unless the service asks for a longer one. */
const longestDelay = 15_000;

/** Statuses of a service or proxy that is overloaded or restarting. */
const passingStatuses = new Set([408, 500, 502, 503, 504]);

/**
 * Repeats an attempt until it succeeds, with growing pauses, or with the pause that the service asks for.
 * @param isRepeatable - whether the attempt may succeed twice without harm. Otherwise it is repeated only if it was certainly
 * not handled: the service had too many requests (429), or was not reached
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  isRepeatable: boolean,
  { retries = 5, retryDelay = 500, onRetry }: RetryOptions,
  signal?: AbortSignal,
): Promise<T> {
  return pRetry(attempt, {
    retries,
    minTimeout: retryDelay,
    maxTimeout: longestDelay,
    randomize: true, // so that clients that failed together do not return together
    signal,
    shouldRetry: async ({ error }) => {
      if (!isWorthRepeating(error, isRepeatable)) return false;
      onRetry?.(error);
      if (error instanceof ApiError && error.retryAfter !== undefined) await pause(error.retryAfter * 1000, signal);
      return true;
    },
  });
}

function isWorthRepeating(error: Error, isRepeatable: boolean): boolean {
  if (error instanceof NoAnswerError) return isRepeatable || !error.mayHaveArrived;
  if (!(error instanceof ApiError)) return false;
  return error.status === 429 || (isRepeatable && passingStatuses.has(error.status));
}
