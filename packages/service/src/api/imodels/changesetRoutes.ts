import { notFound } from "../../platform/errors.js";
import { readOrder } from "../../platform/http/ordering.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import * as schemas from "./changesetSchemas.js";
import { IModelParams } from "./iModelSchemas.js";
import { loadsIModel } from "./loadsIModel.js";
import { presentChangeset, presentMinimalChangeset } from "./presentChangeset.js";
import { invalidCode, reads, tags } from "./routeConfig.js";
import { findChangeset, listChangesets } from "./versionQueries.js";

/** The operations on changesets. */
export function changesetRoutes(server: Server, context: ServiceContext): void {
  for (const add of [getChangesets, getChangeset]) add(server, context);
}

function getChangesets(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "getChangesets",
    summary: "List the changesets of an iModel",
    tags,
    params: IModelParams,
    querystring: schemas.ChangesetsQuery,
    response: { 200: schemas.ChangesetsAnswer, ...failures(404, 422) },
  };
  server.get("/imodels/:iModelId/changesets", { config: reads, preValidation, schema }, async (request) => {
    const { origin, iModel, query } = request;
    const { $top, $skip, $orderBy, afterIndex, lastIndex } = query;
    const orders = readOrder($orderBy, { index: "index" }, invalidCode);
    const rows = await listChangesets(context.db, iModel.id, query, orders);
    const present = prefersRepresentation(request) ? presentChangeset : presentMinimalChangeset;
    const filters = { $orderBy, afterIndex: afterIndex?.toString(), lastIndex: lastIndex?.toString() };
    const base = `${origin}/imodels/${iModel.id}/changesets`;
    return {
      changesets: await Promise.all(rows.slice(0, $top).map(async (row) => present(row, origin, context))),
      _links: pageLinksWithin(base, { $top, $skip }, rows.length, filters),
    };
  });
}

function getChangeset(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "getChangeset",
    summary: "Get a changeset by its id or its index",
    tags,
    params: schemas.ChangesetParams,
    response: { 200: schemas.ChangesetAnswer, ...failures(404, 422) },
  };
  const path = "/imodels/:iModelId/changesets/:idOrIndex";
  server.get(path, { config: reads, preValidation, schema }, async ({ iModel, params, origin }) => {
    const row = await findChangeset(context.db, iModel.id, params.idOrIndex);
    if (row === undefined) throw notFound("Changeset");
    return { changeset: await presentChangeset(row, origin, context) };
  });
}
