import type { FastifyRequest } from "fastify";

/** A body of more bytes than this is left as it is on routes that parse it themselves, in a thread. */
const maxParsed = 512 * 1024;

/**
 * Reads the body of a request as JSON, whatever its content type says, since some clients say nothing and others say JSON
 * where there is no body. A body that is no JSON is noted, so that the route can first say what else is wrong.
 */
export async function parseJsonBody(request: FastifyRequest, body: Buffer): Promise<unknown> {
  if (body.length === 0) return undefined;
  if (body.length > maxParsed && request.routeOptions.config.takesLargeBodies === true) return body;
  try {
    return parseJson(body);
  } catch {
    request.isMalformed = true;
    return undefined;
  }
}

/** @throws SyntaxError */
export function parseJson(body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  // The parser is much slower where it asks about each key.
  return text.includes("__proto__") || text.includes("\\u") ? JSON.parse(text, withoutPrototypes) : JSON.parse(text);
}

/** `__proto__` in JSON is a key like others to the parser, and a trap to code that copies it. */
function withoutPrototypes(this: unknown, key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}
