import type { FastifyRequest } from "fastify";

/**
 * Reads the body of a request as JSON, whatever its content type says, since some clients say nothing and others say JSON
 * where there is no body. A body that is no JSON is noted, so that the route can first say what else is wrong.
 */
export async function parseJsonBody(request: FastifyRequest, body: Buffer): Promise<unknown> {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8"), withoutPrototypes);
  } catch {
    request.isMalformed = true;
    return undefined;
  }
}

/** `__proto__` in JSON is a key like others to the parser, and a trap to code that copies it. */
function withoutPrototypes(this: unknown, key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}
