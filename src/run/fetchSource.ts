import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import type { AccessToken } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { makeCacheFolder } from "../files/makeFolder.js";
import { orUndo } from "../files/undoAtExit.js";

/** How long a fetched file is kept at least, in milliseconds: a day, longer than any run. */
const longestUse = 86_400_000;

/** What to fetch, and where to. */
export interface FetchOptions {
  /** An http, https or file URL. */
  url: string;
  /** Sent as a Bearer token, to http and https servers. */
  accessToken?: AccessToken;
  /** The name of the local file. Default: the last segment of the URL's path. */
  fileName?: string;
  cacheDirectory: string;
  /** Ends the fetching; what was fetched by then is removed. */
  signal?: AbortSignal;
}

/**
 * Fetches the source file into the cache directory, whole or not at all.
 * @returns the path of the local file; the same for the same URL
 * @throws ConnectorError `fetch/...`, in which neither the token nor the query of the URL is shown
 */
export async function fetchSource(options: FetchOptions): Promise<string> {
  const url = parse(options.url);
  const folderOfUrl = join(options.cacheDirectory, hashOf(withoutQuery(url)));
  // The query may name the document, or hold a signature that is another one each time.
  const folder = join(folderOfUrl, hashOf(url.search));
  const path = join(folder, options.fileName ?? localNameOf(url));
  const partial = `${path}.${process.pid}.partial`;
  const write = async () => {
    await pipeline(await openStream(url, options), createWriteStream(partial), { signal: options.signal });
    await rename(partial, path);
  };
  makeCacheFolder(folder, "fetch");
  try {
    await orUndo(write, () => rmSync(partial, { force: true }));
    await removeOutdated(folderOfUrl).catch(() => {}); // another run may do so at the same moment
    return path;
  } catch (error) {
    throw describeFailure(error, url);
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Removes what was fetched so long ago that no run reads it any more. It is fetched again if it is needed. */
async function removeOutdated(folderOfUrl: string): Promise<void> {
  for (const name of await readdir(folderOfUrl)) {
    const folder = join(folderOfUrl, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > longestUse) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What the file at a URL is called here, and with it a local iModel that is made of it.
 * @throws ConnectorError `usage/dms-server-url`
 */
export function nameOfFetched(url: string): string {
  return localNameOf(parse(url));
}

function localNameOf({ pathname }: URL): string {
  return basename(decodeURIComponent(pathname)) || "source";
}

/** A URL as it may be shown and recorded: the query often holds a signature. */
export function withoutQuery(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function parse(text: string): URL {
  if (!isFetchable(text))
    throw new ConnectorError("usage/dms-server-url", "dmsServerUrl is not an http, https or file URL.", {
      advice: "Give the whole URL, such as https://example.com/documents/plan.csv.",
    });
  return new URL(text);
}

function isFetchable(text: string): boolean {
  try {
    const { protocol, pathname } = new URL(text);
    decodeURIComponent(pathname); // the name of the file is taken from it
    return ["http:", "https:", "file:"].includes(protocol);
  } catch {
    return false;
  }
}

async function openStream(url: URL, { accessToken, signal }: FetchOptions): Promise<Readable> {
  if (url.protocol === "file:") return createReadStream(fileURLToPath(url));
  const headers = accessToken === undefined ? undefined : { Authorization: bearer(accessToken) };
  const response = await fetch(url, { headers, signal });
  if (!response.ok || response.body === null) throw refused(response.status, withoutQuery(url));
  return Readable.fromWeb(response.body);
}

function bearer(token: AccessToken): string {
  return /^bearer /i.test(token) ? token : `Bearer ${token}`;
}

function refused(status: number, shown: string): ConnectorError {
  const isDenied = status === 401 || status === 403;
  return new ConnectorError(isDenied ? "fetch/denied" : "fetch/refused", `${shown} answered with status ${status}.`, {
    recovery: status >= 500 || status === 429 ? "retriable" : "fatal",
    advice: isDenied ? "Check --dmsAccessToken: it may have expired." : "Check --dmsServerUrl.",
  });
}

function describeFailure(error: unknown, url: URL): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const reason = messageOf((error as { cause?: unknown }).cause ?? error);
  const isLocal = url.protocol === "file:";
  return new ConnectorError("fetch/failed", `${withoutQuery(url)} could not be fetched: ${reason}`, {
    cause: error,
    recovery: isLocal ? "fatal" : "retriable",
    advice: isLocal
      ? "Check that --dmsServerUrl names a file that may be read."
      : "Check --dmsServerUrl and the network.",
  });
}
