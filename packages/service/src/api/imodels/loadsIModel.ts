import type { FastifyRequest } from "fastify";
import { invalidValue, notFound, unprocessable } from "../../platform/errors.js";
import { isUuid } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { findIModel, type ShownIModel } from "./iModelQueries.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The iModel that the path names. Only on routes with `loadIModel`. */
    iModel: ShownIModel;
  }
}

/** The code of 422 answers of all operations on iModels. */
export const invalidCode = "InvalidiModelsRequest";

/** What the routes of iModels say of tokens and errors. */
export const reads = { scopes: ["imodels:read", "imodels:modify"], invalidCode };
export const modifies = { scopes: ["imodels:modify"], invalidCode };

/**
 * The hook that finds the iModel that the path of a request names, for members of its iTwin.
 * @throws (the hook) HttpError 422, 404 `iModelNotFound`, 403
 */
export function loadIModel({ db, access }: ServiceContext): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const { iModelId } = request.params as { iModelId: string };
    if (!isUuid(iModelId)) throw unprocessable(invalidCode, [invalidValue("iModelId")]);
    const imodel = await findIModel(db, iModelId);
    if (imodel === undefined) throw notFound("iModel");
    await access.ensureMember(request.principal, imodel.itwin_id);
    request.iModel = imodel;
  };
}
