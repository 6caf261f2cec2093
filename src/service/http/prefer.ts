import type { FastifyRequest } from "fastify";

/** Whether the client wants all of the entries of a list, and not only what tells one from another. */
export function prefersRepresentation(request: FastifyRequest): boolean {
  return /\breturn\s*=\s*"?representation\b/i.test(String(request.headers.prefer ?? ""));
}
