import { NoAnswerError } from "./errors.js";
import { longestPause } from "./pause.js";

/**
 * Failures to connect, after which the service cannot have received anything. `fetch` refuses ports of other protocols. A
 * browser tells no reason, so that its failures count as broken connections.
 */
const notConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "bad port",
]);

/** A time limit that each sign of progress restarts. */
export class Patience {
  private readonly _controller = new AbortController();
  private _timer?: ReturnType<typeof setTimeout>;
  private _isOver = false;

  public constructor(private readonly _milliseconds: number) {
    this.renew();
  }

  public get signal(): AbortSignal {
    return this._controller.signal;
  }

  /** Restarts the time limit. */
  public renew(): void {
    clearTimeout(this._timer);
    if (this._isOver) return;
    this._timer = setTimeout(() => this._controller.abort(), Math.min(this._milliseconds, longestPause));
  }

  public end(): void {
    this._isOver = true;
    clearTimeout(this._timer);
  }
}

/** An answer, with its body read to the end. */
export interface ReadAnswer {
  response: Response;
  body: string;
}

/**
 * Sends a request and reads the whole answer.
 * @throws NoAnswerError - if no answer came, or only a part of it; the reason of the request's signal, if it was aborted
 */
export async function fetchWhole(request: Request, patience: Patience): Promise<ReadAnswer> {
  try {
    const signal = AbortSignal.any([request.signal, patience.signal]);
    const response = await fetch(request, { signal });
    return { response, body: await response.text() };
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    throw noAnswer(request, patience, error);
  } finally {
    patience.end();
  }
}

function noAnswer({ url }: Request, patience: Patience, error: unknown): NoAnswerError {
  const { origin } = new URL(url);
  if (patience.signal.aborted) return new NoAnswerError(`${origin} does not answer in time.`, true, error);
  const reason = reasonOf(error as Error);
  const isCut = !notConnected.has(reason);
  const what = isCut ? "breaks off the connection" : "cannot be reached";
  return new NoAnswerError(`${origin} ${what} (${reason}).`, isCut, error);
}

/** Node's `fetch` gives the reason of a failure as its cause. */
function reasonOf({ cause, message }: Error): string {
  const { code, message: reason = message } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? reason;
}
