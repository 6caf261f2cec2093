import type { IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import { Transform, type Readable } from "node:stream";
import type { ManifestsConfig } from "../../platform/config/ServiceConfig.js";
import { sendRequest } from "../../platform/http/sendRequest.js";
import { AddressRules, addressIn } from "./addresses.js";
import { FetchError } from "./FetchError.js";
import { guardedLookup, type ResolveHost } from "./guardedLookup.js";

const redirects = new Set([301, 302, 303, 307, 308]);

/** JSON is held in memory. */
const maxJsonBytes = 10 * 1024 ** 2;

/**
 * Fetches from URLs that strangers give: only over http and https, only from hosts that may be reached, and within limits.
 * The address is checked when the connection is made, so that no name can lead to one address when it is checked and to
 * another when it is used; and each redirect is checked like the first URL. What strangers send is not for a process that
 * others depend on: the service fetches by a `FetchProcess`.
 */
export class UrlFetcher {
  private readonly _rules: AddressRules;
  private readonly _lookup: LookupFunction;

  /** @param resolve - default: as the system does */
  public constructor(
    private readonly _config: ManifestsConfig,
    resolve?: ResolveHost,
  ) {
    this._rules = new AddressRules(_config.allowedPrivateHosts);
    this._lookup = guardedLookup(this._rules, notAllowed, resolve);
  }

  /**
   * Opens what is at a URL. The time limit covers the reading of it too.
   * @param maxBytes - how much may be read
   * @throws FetchError `fetch/...`, also as the error of the stream; it names host and path of the URL, and no more
   */
  public async open(text: string, signal: AbortSignal, maxBytes = this._config.maxBytes): Promise<Readable> {
    const { timeoutSeconds } = this._config;
    const url = parse(text);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
    const describe = (error: unknown) => this._describe(error, url, limit);
    try {
      const body = await this._follow(url, limit);
      const limited = limitSize(url, maxBytes);
      body.on("error", (error) => limited.destroy(describe(error)));
      limited.on("close", () => body.destroy());
      return body.pipe(limited);
    } catch (error) {
      throw describe(error);
    }
  }

  /**
   * The text of the JSON at a URL.
   * @throws FetchError `fetch/...`
   */
  public async readJson(text: string, signal: AbortSignal): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.open(text, signal, maxJsonBytes)) chunks.push(chunk as Buffer);
    const json = Buffer.concat(chunks).toString("utf8");
    try {
      JSON.parse(json);
      return json;
    } catch (error) {
      throw new FetchError("fetch/no-json", `${shown(parse(text))} is no JSON: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  private async _follow(start: URL, signal: AbortSignal): Promise<Readable> {
    let url = start;
    for (let hops = 0; hops <= this._config.maxRedirects; hops++) {
      this._check(url);
      const answer = await sendRequest(url, { lookup: this._lookup, signal, headers: { accept: "*/*" } });
      const next = redirects.has(answer.statusCode ?? 0) ? answer.headers.location : undefined;
      if (next === undefined) return accept(answer, url);
      answer.destroy();
      url = parse(next, url);
    }
    throw new FetchError("fetch/too-many-redirects", `${shown(start)} leads from one URL to the next.`, {
      advice: `Give the URL at the end: at most ${this._config.maxRedirects} redirects are followed.`,
    });
  }

  /** A host that is an address is never looked up. */
  private _check({ hostname }: URL): void {
    const address = addressIn(hostname);
    if (address !== undefined && !this._rules.allows(address, address)) throw notAllowed(hostname);
  }

  private _describe(error: unknown, url: URL, limit: AbortSignal): FetchError {
    if (error instanceof FetchError) return error;
    if (limit.aborted && (limit.reason as Error).name === "TimeoutError")
      return new FetchError("fetch/timeout", `${shown(url)} took longer than ${this._config.timeoutSeconds} seconds.`, {
        cause: error,
        isRetriable: true,
      });
    return new FetchError(
      "fetch/failed",
      `${shown(url)} could not be fetched: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
        isRetriable: true,
        advice: "Check the URL, and that it can be reached from the service.",
      },
    );
  }
}

function parse(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  if (url !== undefined && ["http:", "https:"].includes(url.protocol)) return url;
  throw new FetchError("fetch/url", base ? `${shown(base)} leads to no http or https URL.` : "There is no URL.", {
    advice: "Give a whole URL that begins with http or https.",
  });
}

/** The query of a pre-authenticated URL is a secret. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

function accept(answer: IncomingMessage, url: URL): Readable {
  const { statusCode = 0 } = answer;
  if (statusCode === 200) return answer;
  answer.destroy();
  const isDenied = statusCode === 401 || statusCode === 403;
  throw new FetchError(
    isDenied ? "fetch/denied" : "fetch/refused",
    `${shown(url)} answered with status ${statusCode}.`,
    {
      isRetriable: statusCode >= 500 || statusCode === 429,
      advice: isDenied ? "Give a URL that needs no token; it may have expired." : "Check the URL.",
    },
  );
}

function notAllowed(host: string): FetchError {
  return new FetchError("fetch/address-not-allowed", `${host} is not in the public Internet.`, {
    advice: "Give a URL that anybody could reach, or ask the administrator to add to manifests.allowedPrivateHosts.",
  });
}

function limitSize(url: URL, maxBytes: number): Transform {
  let size = 0;
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      size += chunk.length;
      if (size <= maxBytes) done(null, chunk);
      else done(new FetchError("fetch/too-large", `${shown(url)} has more than ${maxBytes} bytes.`));
    },
  });
}
