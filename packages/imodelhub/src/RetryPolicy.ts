import type { HttpRequestRetryPolicy } from "@itwin/imodels-client-management";

/** How often a request is repeated at most. */
const maxRetries = 5;

/** The first wait, in milliseconds; each further one is twice as long. */
const firstWait = 300;

/** Repeats requests that failed for a while: no answer, too many requests, or a fault of the server. */
export class RetryPolicy implements HttpRequestRetryPolicy {
  public readonly maxRetries = maxRetries;

  public shouldRetry({ error }: { error: unknown }): boolean {
    const status = (error as { response?: { status?: number } }).response?.status;
    return status === undefined || status === 429 || status >= 500;
  }

  /** Half of it at least, at random, so that those who were refused together do not come back together. */
  public getSleepDurationInMs({ retriesInvoked }: { retriesInvoked: number }): number {
    return ((firstWait * 2 ** retriesInvoked) / 2) * (1 + Math.random());
  }
}
