import createClient, { type Client } from "openapi-fetch";
import type { paths } from "itwin-connector-client/openapi";
import { ClientError } from "../ClientError.js";
import { Transport, type TransportOptions } from "./Transport.js";

/** Every operation of Storage, Synchronization, iModels and iTwins, with the types of requests and answers. */
export type Api = Client<paths>;

/** Options of every request. */
export interface CallOptions {
  /** Cancels the request when it is aborted. The call then throws the reason of the signal. */
  signal?: AbortSignal;
}

/** What the clients of the parts of a service share. */
export interface Connected {
  api: Api;
  transport: Transport;
  options: TransportOptions;
}

/**
 * Prepares requests to the service at a URL. Only its scheme, host and port are used.
 * @throws ClientError `usage/url`
 */
export function connect(url: string, options: TransportOptions): Connected {
  if (!URL.canParse(url) || !/^https?:/i.test(url))
    throw new ClientError("usage/url", `${url} is not the URL of a service.`, {
      advice: "Give a URL that starts with http:// or https://, such as http://127.0.0.1:3001.",
    });
  const transport = new Transport(options);
  // An unexpected redirect, as from http to https, would turn a POST into a GET.
  const api = createClient<paths>({ baseUrl: new URL(url).origin, fetch: transport.send, redirect: "manual" });
  return { api, transport, options };
}

/** The number of entries on a page of a list. */
const pageSize = 100;

/** The JSON of an answer. The transport has thrown already if the service refused the request. */
export async function bodyOf<T>(answered: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answered;
  if (data === undefined) throw new TypeError("it is empty");
  return data;
}

/** The entries of a list, page by page. */
export async function* allPages<T>(
  read: (paging: { $top: number; $skip: number }) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  for (let skip = 0; ; skip += pageSize) {
    const page = await read({ $top: pageSize, $skip: skip });
    yield* page;
    if (page.length < pageSize) return;
  }
}

/** Everything that a generator yields, as an array. */
export async function collect<T>(generator: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of generator) all.push(one);
  return all;
}
