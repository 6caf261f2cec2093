/** One of several faults that a service found in a request. */
export interface ErrorDetail {
  /** A stable name, such as `InvalidValue`. */
  code: string;
  /** What is wrong, in a sentence. */
  message: string;
  /** The parameter or property that is wrong. */
  target?: string;
}

/** The parts of an `ApiError`. */
export interface Refusal {
  /** The method and the URL of the request, such as `GET https://api.bentley.com/imodels/x`. */
  request: string;
  /** The HTTP status. */
  status: number;
  /** A stable name, such as `FileNotFound`; the status, such as `HTTP502`, if the answer names no error. */
  code: string;
  /** What is wrong, in a sentence. */
  message: string;
  /** The parameter or property that is wrong. */
  target?: string;
  /** Each of several faults. */
  details?: ErrorDetail[];
  /** How long the service asks to wait, in seconds. */
  retryAfter?: number;
}

/** Thrown when a service refuses a request. The members are those of the error in its answer. */
export class ApiError extends Error {
  /** The method and the URL of the request, such as `GET https://api.bentley.com/imodels/x`. */
  public readonly request: string;
  /** The HTTP status. */
  public readonly status: number;
  /** A stable name, such as `FileNotFound`; the status, such as `HTTP502`, if the answer names no error. */
  public readonly code: string;
  /** The parameter or property that is wrong. */
  public readonly target?: string;
  /** Each of several faults; empty if the service names none. */
  public readonly details: readonly ErrorDetail[];
  /** How long the service asks to wait, in seconds. */
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

  /** Makes the error of an answer with the given body. */
  public static from(request: string, { status, headers }: Response, body: string): ApiError {
    const retryAfter = readRetryAfter(headers.get("retry-after"));
    const nothing = { code: `HTTP${status}`, message: `The answer is HTTP status ${status}, without an explanation.` };
    return new ApiError({ ...nothing, ...readError(body), request, status, retryAfter });
  }
}

/** Thrown when no answer came: the service is down or too slow, or the connection broke. */
export class NoAnswerError extends Error {
  /** Whether the service may have received and handled the request. */
  public readonly mayHaveArrived: boolean;

  public constructor(message: string, mayHaveArrived: boolean, cause: unknown) {
    super(message, { cause });
    this.name = "NoAnswerError";
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** Whether it is unknown if the request was handled. */
export function isUncertain(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  return error instanceof NoAnswerError && error.mayHaveArrived;
}

type ErrorBody = Partial<Pick<Refusal, "code" | "message" | "target" | "details">>;

function readError(body: string): ErrorBody {
  try {
    return (JSON.parse(body) as { error?: ErrorBody }).error ?? {};
  } catch {
    return {}; // the answer of a proxy is often not JSON
  }
}

function describeDetail({ message, target }: ErrorDetail): string {
  return target === undefined || message.includes(target) ? message : `${message} (${target})`;
}

/** The header holds seconds or a date. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
