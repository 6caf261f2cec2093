import type { IncomingMessage } from "node:http";
import { HttpError } from "./HttpError.js";

/** Larger bodies are not read. */
const largestBody = 1_000_000;

/**
 * Reads a body that is a JSON object.
 * @throws HttpError 400, 413 or 415
 */
export async function readJsonBody(message: IncomingMessage): Promise<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(message.headers["content-type"] ?? ""))
    throw new HttpError(415, "server/request", "The body has to be application/json.");
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > largestBody) throw tooLarge();
    pieces.push(piece);
  }
  const parsed = parse(Buffer.concat(pieces).toString());
  if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  throw new HttpError(400, "server/request", "The body has to be a JSON object.");
}

function tooLarge(): HttpError {
  const message = `The body is larger than ${largestBody.toLocaleString("en")} bytes.`;
  return new HttpError(413, "server/too-large", message, { Connection: "close" });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
