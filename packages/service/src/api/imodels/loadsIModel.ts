import type { FastifyRequest } from "fastify";
import { notFound } from "../../platform/errors.js";
import { loads, uuidIn, type RequestHook } from "../../platform/http/loads.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { findIModel, type ShownIModel } from "./iModelQueries.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The iModel that the request names. Only on routes with `loadsIModel`. */
    iModel: ShownIModel;
  }
}

/**
 * Makes the hook that loads the iModel that a request names, for members of its iTwin: 422, 404, 403.
 * @param id - reads the id of the iModel; by default from the path
 */
export function loadsIModel(
  { db, access }: ServiceContext,
  id: (request: FastifyRequest) => string | undefined = uuidIn("params", "iModelId"),
): RequestHook {
  return loads("iModel", {
    id,
    find: (id) => findIModel(db, id),
    missing: () => notFound("iModel"),
    authorize: (iModel, { principal }) => access.ensureMember(principal, iModel.itwin_id),
  });
}
