import type { TokenSource } from "../tokens.js";
import { ApiError, isUncertain } from "./errors.js";
import { unlessAborted } from "./pause.js";
import { withRetries, type RetryOptions } from "./retry.js";
import { fetchWhole, Patience, type ReadAnswer } from "./sending.js";

/** How requests are sent. */
export interface TransportOptions extends RetryOptions {
  token: TokenSource;
  /** How long to wait for the answer to a request. In seconds. Default: 60. */
  timeoutSeconds?: number;
}

/** How long to wait for an answer, in milliseconds. */
export function timeoutOf({ timeoutSeconds = 60 }: TransportOptions): number {
  return timeoutSeconds * 1000;
}

/** Methods with the same effect whether a request is handled once or twice. */
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
        // An earlier attempt, whose answer was lost, may have removed it.
        const isRemoved = request.method === "DELETE" && mayBeDone && answer.response.status === 404;
        return isRemoved ? new Response(null, { status: 204 }) : accept(request, answer);
      } catch (error) {
        mayBeDone ||= isUncertain(error);
        throw error;
      }
    };
    return withRetries(attempt, isRepeatable, this._options, request.signal);
  }

  /** A token that is refused is renewed once, if possible: it may have expired. */
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

/** The versions of the platform's operations that this client knows. */
function acceptedBy({ url }: Request): string {
  const version = new URL(url).pathname.startsWith("/imodels") ? "v2" : "v1";
  return `application/vnd.bentley.itwin-platform.${version}+json`;
}

/**
 * Turns an answer into what `openapi-fetch` reads.
 * @throws ApiError - if the service refuses the request, or the answer is not JSON
 */
function accept({ method, url }: Request, { response, body }: ReadAnswer): Response {
  const { status, ok } = response;
  const request = `${method} ${url}`;
  if (!ok) throw ApiError.from(request, response, body);
  if (body !== "" && !isJson(response)) throw notTheService(request, status);
  const headers = new Headers(response.headers);
  if (body === "") headers.set("content-length", "0"); // otherwise openapi-fetch parses it as JSON
  if (response.redirected) headers.set("location", response.url); // a new Response forgets its URL
  return new Response(body || null, { status, headers });
}

function isJson({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("application/json") ?? false;
}

function notTheService(request: string, status: number): ApiError {
  const message = "The server at this URL is not a Storage or Synchronization service (its response was not JSON).";
  return new ApiError({ request, status, code: "NotJson", message });
}
