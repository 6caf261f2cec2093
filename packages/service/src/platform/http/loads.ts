import type { FastifyRequest } from "fastify";
import { invalidValue, malformedBody, unprocessable, type HttpError } from "../errors.js";
import { isUuid } from "../ids.js";

/** A hook for `preValidation`: it runs before the query and the body of a request are checked. */
export type RequestHook = (request: FastifyRequest) => Promise<void>;

/** The parts of a request that can name a resource. */
export type RequestPart = "params" | "query" | "body";

/** How a hook finds a resource, step by step. */
export interface Lookup<Id, Resource> {
  /**
   * Reads the id. Undefined for a request without one: the hook then does nothing, and the validation reports the gap.
   * @throws HttpError for an invalid id
   */
  id: (request: FastifyRequest) => Id | undefined;
  find: (id: Id, request: FastifyRequest) => Promise<Resource | undefined>;
  /** The error for a resource that does not exist. */
  missing: () => HttpError;
  /** Refuses a sender who may not use the resource. Absent where an earlier hook of the route does so. */
  authorize?: (resource: Resource, request: FastifyRequest) => Promise<void>;
}

/** Makes a hook that finds the resource that a request names, and sets it on the request as `name`. */
export function loads<Name extends keyof FastifyRequest, Id>(
  name: Name,
  { id: idOf, find, missing, authorize }: Lookup<Id, FastifyRequest[Name]>,
): RequestHook {
  return async (request) => {
    const id = idOf(request);
    if (id === undefined) return;
    const resource = await find(id, request);
    if (resource === undefined) throw missing();
    await authorize?.(resource, request);
    request[name] = resource;
  };
}

/** A text in a part of a request. Undefined where it is absent, or not a text. */
export function textIn(request: FastifyRequest, part: RequestPart, name: string): string | undefined {
  const value = (request[part] as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === "string" ? value : undefined;
}

/** Makes the `id` of a lookup: reads a UUID from a part of a request, and refuses other texts with 422. */
export function uuidIn(part: RequestPart, name: string): (request: FastifyRequest) => string | undefined {
  return (request) => {
    const id = textIn(request, part, name);
    if (id !== undefined && !isUuid(id)) throw invalidId(request, name);
    return id;
  };
}

/** Reports an invalid id and an invalid body together. */
export function invalidId(request: FastifyRequest, name: string): HttpError {
  const { invalidCode = "InvalidRequest" } = request.routeOptions.config;
  const detail = invalidValue(name);
  return unprocessable(invalidCode, request.isMalformed ? [malformedBody, detail] : [detail]);
}
