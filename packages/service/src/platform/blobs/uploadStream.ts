import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { Counter } from "prom-client";
import { HttpError } from "../errors.js";

/**
 * The body of a request, for a store to write. It breaks off with an error where it is too large or the client goes away:
 * what has arrived by then is no upload.
 */
export function uploadStream(request: IncomingMessage, maxBytes: number, counter: Counter): Readable {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw contentTooLarge();
  return Readable.from(read(request, maxBytes, counter), { objectMode: false });
}

async function* read(request: IncomingMessage, maxBytes: number, counter: Counter): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    // The request is not destroyed when it is too large: the answer goes through the same socket.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw contentTooLarge();
      counter.inc(chunk.length);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, "UploadInterrupted", "The upload broke off; nothing of it was kept.");
  }
}

/** More than one upload may hold. The rest of it is not waited for. */
export function contentTooLarge(): HttpError {
  return new HttpError(413, "ContentTooLarge", "The content of the upload is too large.", {
    headers: { connection: "close" },
  });
}
