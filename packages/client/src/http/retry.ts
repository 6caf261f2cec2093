import pRetry from "p-retry";
import { ApiError, NoAnswerError } from "./errors.js";
import { pause } from "./pause.js";

/** How patient a client is. */
export interface RetryOptions {
  /** How often a request that failed is repeated. Default: 5. */
  retries?: number;
  /** How long to wait before the first repetition, in milliseconds; twice as long before each further one. Default: 500. */
  retryDelay?: number;
  /** Is told of each failure after which a request is repeated. */
  onRetry?: (error: Error) => void;
}

/** The longest wait between two repetitions, in milliseconds, where the service does not ask for a longer one. */
const longestDelay = 15_000;

/** What a service answers that is overloaded, restarting, or behind something that is. */
const passingStatuses = new Set([408, 500, 502, 503, 504]);

/**
 * Does what may fail until it succeeds, with growing pauses; the pause that a service asks for is kept.
 * @param isRepeatable - whether it does no harm to do it again when it has been done. Otherwise it is repeated only where
 * it was certainly not done: where the service had too many requests to handle it (429), or was not reached.
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
    randomize: true, // clients that failed together do not come back together
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
