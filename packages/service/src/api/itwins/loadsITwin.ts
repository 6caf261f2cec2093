import type { FastifyRequest } from "fastify";
import { notFound } from "../../platform/errors.js";
import { loads, uuidIn, type RequestHook } from "../../platform/http/loads.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { ITwinStore, type ITwinRow } from "./ITwinStore.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The iTwin that the request names. Only on routes with `loadsITwin`. */
    iTwin: ITwinRow;
  }
}

/**
 * Makes the hook that loads the iTwin that a request names, for members of it: 422, 404, 403.
 * @param id - reads the id of the iTwin; by default from the path
 * @param missing - the error where there is no such iTwin
 */
export function loadsITwin(
  { db, access }: ServiceContext,
  id: (request: FastifyRequest) => string | undefined = uuidIn("params", "iTwinId"),
  missing = () => notFound("iTwin"),
): RequestHook {
  const store = new ITwinStore(db, access);
  return loads("iTwin", {
    id,
    find: (id) => store.find(id),
    missing,
    authorize: (iTwin, { principal }) => access.ensureMember(principal, iTwin.id),
  });
}
