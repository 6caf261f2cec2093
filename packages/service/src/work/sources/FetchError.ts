/** What is known of a failure beside its code and message. */
export interface FetchErrorOptions {
  cause?: unknown;
  /** One sentence that tells what to do. */
  advice?: string;
  /** Whether it may go well later. */
  isRetriable?: boolean;
}

/** Why a URL could not be fetched. A `ConnectorError` without what that loads, so that the fetching process stays small. */
export class FetchError extends Error {
  public readonly advice?: string;
  public readonly isRetriable: boolean;

  public constructor(
    /** As that of a `ConnectorError`, such as `fetch/timeout`. */
    public readonly code: string,
    message: string,
    { cause, advice, isRetriable = false }: FetchErrorOptions = {},
  ) {
    super(message, { cause });
    this.name = "FetchError";
    this.advice = advice;
    this.isRetriable = isRetriable;
  }
}
