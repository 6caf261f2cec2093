import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ServerResponse } from "node:http";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import { HttpError } from "./HttpError.js";

/**
 * What the page may do: load its own files, and ask its own server. Scripts within the page and `eval` are refused, so
 * that names with markup are never run. Decoders of meshes are WebAssembly; images of textures are blobs.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The headers of all answers. The token stands in the address, which therefore goes to nobody as a referrer. */
export const commonHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": contentSecurityPolicy,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/** The body of an answer, as a whole or in pieces. */
export type Body = string | Uint8Array | Readable | AsyncGenerator<string>;

/** Sends an answer. It ends when the other side has taken all of it, or is gone. */
export async function send(
  response: ServerResponse,
  body: Body,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  response.writeHead(200, { ...commonHeaders, "Content-Type": contentType, ...headers });
  if (typeof body === "string" || body instanceof Uint8Array) response.end(body);
  else await pipeline(body instanceof Readable ? body : Readable.from(body), response);
}

/** Sends a value as JSON. */
export async function sendJson(response: ServerResponse, value: unknown): Promise<void> {
  await send(response, JSON.stringify(value), jsonType);
}

/** The type of JSON. */
export const jsonType = "application/json; charset=utf-8";

/** Sends what went wrong as `{ error: { code, message, advice } }`. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy(); // an answer that has begun can only break off
    return;
  }
  const { status, headers, ...content } = describe(error);
  response.writeHead(status, { ...commonHeaders, ...headers, "Content-Type": jsonType });
  response.end(JSON.stringify({ error: content }));
}

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const statuses: Readonly<Record<string, number>> = {
  "viewer/no-element": 404,
  "usage/unknown-class": 404,
  "viewer/busy": 503,
};

function describe(error: unknown): Failure {
  if (error instanceof HttpError) {
    const { status, code, message, headers } = error;
    return { status, code, message, headers };
  }
  if (!(error instanceof ConnectorError)) return { status: 500, code: "server/failed", message: messageOf(error) };
  const { code, message, advice } = error;
  return { status: statuses[code] ?? 422, code, message, advice };
}
