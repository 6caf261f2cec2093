import type { TokenSource } from "../tokens.js";
import { ApiError, isUncertain } from "./errors.js";
import { longestPause, unlessAborted } from "./pause.js";
import { withRetries, type RetryOptions } from "./retry.js";
import { fetchWhole, Patience, type ReadAnswer } from "./sending.js";

/** How requests are sent. */
export interface TransportOptions extends RetryOptions {
  token: TokenSource;
  /** How long to wait for the answer to a request, in seconds. Default: 60. */
  timeoutSeconds?: number;
}

/** How long to wait for an answer, in milliseconds. */
export function timeoutOf({ timeoutSeconds = 60 }: TransportOptions): number {
  return Math.min(timeoutSeconds * 1000, longestPause);
}

/** Methods after which all is the same whether a request came once or twice. */
const idempotentMethods = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/**
 * Sends requests with a token, repeats those that failed and may be repeated, and turns answers that refuse into errors.
 */
export class Transport {
  private readonly _timeout: number;

  public constructor(private readonly _options: TransportOptions) {
    this._timeout = timeoutOf(_options);
  }

  /** Sends a request. A POST is repeated only where it was certainly not handled. */
  public readonly send = async (request: Request): Promise<Response> =>
    this._send(request, idempotentMethods.has(request.method));

  /** Sends a POST that may be handled twice without harm. */
  public readonly sendRepeatable = async (request: Request): Promise<Response> => this._send(request, true);

  private async _send(request: Request, isRepeatable: boolean): Promise<Response> {
    let mayBeDone = false;
    const attempt = async () => {
      try {
        const answer = await this._authorized(request);
        // What was removed at an earlier attempt, whose answer was lost, is not there any more.
        const isRemoved = request.method === "DELETE" && mayBeDone && answer.response.status === 404;
        return isRemoved ? new Response(null, { status: 204 }) : accept(request, answer);
      } catch (error) {
        mayBeDone ||= isUncertain(error);
        throw error;
      }
    };
    return withRetries(attempt, isRepeatable, this._options, request.signal);
  }

  /** A token that is refused is renewed once, where that can be done: it may have run out meanwhile. */
  private async _authorized(request: Request): Promise<ReadAnswer> {
    const { token: source } = this._options;
    const token = await unlessAborted(source.getToken(), request.signal);
    const answer = await this._fetch(request, token);
    if (answer.response.status !== 401) return answer;
    const renewed = await unlessAborted(source.getToken(token), request.signal);
    return renewed === token ? answer : this._fetch(request, renewed);
  }

  private async _fetch(request: Request, token: string): Promise<ReadAnswer> {
    const authorized = request.clone();
    authorized.headers.set("authorization", `Bearer ${token}`);
    authorized.headers.set("accept", acceptedBy(request));
    return fetchWhole(authorized, new Patience(this._timeout));
  }
}

/** The platform has several versions of its operations; these are the ones whose answers are known here. */
function acceptedBy({ url }: Request): string {
  const version = new URL(url).pathname.startsWith("/imodels") ? "v2" : "v1";
  return `application/vnd.bentley.itwin-platform.${version}+json`;
}

/**
 * An answer that is what was asked for. 303 is one: it leads to what was asked for.
 * @throws ApiError
 */
function accept({ method, url }: Request, { response, body }: ReadAnswer): Response {
  const { status, ok } = response;
  const request = `${method} ${url}`;
  if (!ok && status !== 303) throw ApiError.from(request, response, body);
  if (body !== "" && !isJson(response)) throw notTheService(request, status);
  const headers = new Headers(response.headers);
  if (body === "") headers.set("content-length", "0"); // else it would be taken for JSON
  return new Response(body || null, { status, headers });
}

function isJson({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("application/json") ?? false;
}

function notTheService(request: string, status: number): ApiError {
  const message = "What answers there is not Storage or Synchronization: the answer is no JSON.";
  return new ApiError({ request, status, code: "NotJson", message });
}
