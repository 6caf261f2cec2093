/** One of the faults of a request, as a service lists them. */
export interface ErrorDetail {
  code: string;
  message: string;
  /** The parameter or property that is at fault. */
  target?: string;
}

/** What is known of an answer that refuses. */
export interface Refusal {
  /** The method and the URL that were asked for, such as `GET https://api.bentley.com/imodels/x`. */
  request: string;
  /** The HTTP status. */
  status: number;
  /** Such as `FileNotFound`; the status, such as `HTTP502`, where the answer does not say. */
  code: string;
  message: string;
  target?: string;
  details?: ErrorDetail[];
  /** How long the service asks to wait, in seconds. */
  retryAfter?: number;
}

/** A service answers that it does not do what it was asked for. The fields are those of the error in its answer. */
export class ApiError extends Error {
  public readonly request: string;
  public readonly status: number;
  public readonly code: string;
  public readonly target?: string;
  public readonly details: readonly ErrorDetail[];
  public readonly retryAfter?: number;

  public constructor({ request, status, code, message, target, details = [], retryAfter }: Refusal) {
    super([message, ...details.map(describeDetail)].join(" "));
    this.name = "ApiError";
    this.request = request;
    this.status = status;
    this.code = code;
    this.target = target;
    this.details = details;
    this.retryAfter = retryAfter;
  }

  /** The error that an answer stands for. */
  public static from(request: string, { status, headers }: Response, body: string): ApiError {
    const retryAfter = readRetryAfter(headers.get("retry-after"));
    const nothing = { code: `HTTP${status}`, message: `The answer is HTTP status ${status}, without an explanation.` };
    return new ApiError({ ...nothing, ...readError(body), request, status, retryAfter });
  }
}

/** No answer came: the service is down or too slow, or the connection broke off. */
export class NoAnswerError extends Error {
  /** Whether the service may have got the request, and done what it asks for. */
  public readonly mayHaveArrived: boolean;

  public constructor(message: string, mayHaveArrived: boolean, cause: unknown) {
    super(message, { cause });
    this.name = "NoAnswerError";
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** Whether it is not known if what was asked for has been done. */
export function isUncertain(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  return error instanceof NoAnswerError && error.mayHaveArrived;
}

type ErrorBody = Partial<Pick<Refusal, "code" | "message" | "target" | "details">>;

function readError(body: string): ErrorBody {
  try {
    return (JSON.parse(body) as { error?: ErrorBody }).error ?? {};
  } catch {
    return {}; // what stands between, such as a proxy, does not speak JSON
  }
}

function describeDetail({ message, target }: ErrorDetail): string {
  return target === undefined || message.includes(target) ? message : `${message} (${target})`;
}

/** Seconds, or a date. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
