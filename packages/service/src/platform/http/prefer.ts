import type { FastifyRequest } from "fastify";

/** Whether the client wants the entries of a list whole: `Prefer: return=representation`. By default it gets little of them. */
export function prefersRepresentation({ headers }: FastifyRequest): boolean {
  const preferences = String(headers.prefer ?? "").split(/[,;]/);
  return preferences.some((preference) => preference.trim().toLowerCase() === "return=representation");
}
