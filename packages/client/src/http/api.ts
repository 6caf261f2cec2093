import createClient, { type Client } from "openapi-fetch";
import { ClientError } from "../ClientError.js";
import type { paths } from "../api/openApi.js";
import { Transport, type TransportOptions } from "./Transport.js";

/** Every operation of Storage, Synchronization, iModels and iTwins, with the types of what is sent and answered. */
export type Api = Client<paths>;

/** What can be said of any request. */
export interface CallOptions {
  /** Ends the request, and the wait for it. */
  signal?: AbortSignal;
}

/** What clients of a part of the service share. */
export interface Connected {
  api: Api;
  transport: Transport;
  options: TransportOptions;
}

/**
 * What talks to the service at a URL: scheme, host and port.
 * @throws ClientError `usage/url`
 */
export function connect(url: string, options: TransportOptions): Connected {
  if (!URL.canParse(url) || !/^https?:/i.test(url))
    throw new ClientError("usage/url", `${url} is not the URL of a service.`, {
      advice: "It begins with http:// or https://, such as http://127.0.0.1:3001.",
    });
  const transport = new Transport(options);
  // A run that goes on already is answered with 303, which fetch would follow by itself.
  const api = createClient<paths>({ baseUrl: new URL(url).origin, fetch: transport.send, redirect: "manual" });
  return { api, transport, options };
}

/** So many entries of a list are asked for at a time. */
const pageSize = 100;

/** All entries of a list, page by page. */
export async function* allPages<T>(
  read: (paging: { $top: number; $skip: number }) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  for (let skip = 0; ; skip += pageSize) {
    const page = await read({ $top: pageSize, $skip: skip });
    yield* page;
    if (page.length < pageSize) return;
  }
}

/** All that a generator yields. */
export async function collect<T>(generator: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of generator) all.push(one);
  return all;
}
