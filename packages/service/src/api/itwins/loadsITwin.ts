import type { FastifyRequest } from "fastify";
import { invalidValue, notFound, unprocessable } from "../../platform/errors.js";
import { isUuid } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { ITwinStore, type ITwinRow } from "./ITwinStore.js";

/**
 * The iTwin that a request names, where the sender is a member of it.
 * @throws HttpError 422, 404 `iTwinNotFound`, 403
 */
export async function accessITwin(
  { db, access }: ServiceContext,
  request: FastifyRequest,
  iTwinId: string,
): Promise<ITwinRow> {
  const { invalidCode = "InvalidiTwinsRequest" } = request.routeOptions.config;
  if (!isUuid(iTwinId)) throw unprocessable(invalidCode, [invalidValue("iTwinId")]);
  const row = await new ITwinStore(db, access).find(iTwinId);
  if (row === undefined) throw notFound("iTwin");
  await access.ensureMember(request.principal, row.id);
  return row;
}
