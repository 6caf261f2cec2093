import { HttpError, invalidValue, notFound, unprocessable } from "../../platform/errors.js";
import { readOrder } from "../../platform/http/ordering.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { isUuid } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { IModelParams } from "./iModelSchemas.js";
import { loadsIModel } from "./loadsIModel.js";
import * as schemas from "./namedVersionSchemas.js";
import { presentMinimalNamedVersion, presentNamedVersion } from "./presentNamedVersion.js";
import { invalidCode, modifies, reads, tags } from "./routeConfig.js";
import * as versions from "./versionQueries.js";

const orderColumns = { changesetIndex: "changeset_index", createdDateTime: "created_at" } as const;

/** The operations on named versions. */
export function namedVersionRoutes(server: Server, context: ServiceContext): void {
  for (const add of [getNamedVersions, createNamedVersion, getNamedVersion]) add(server, context);
}

function getNamedVersions(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "getNamedVersions",
    summary: "List the named versions of an iModel",
    tags,
    params: IModelParams,
    querystring: schemas.NamedVersionsQuery,
    response: { 200: schemas.NamedVersionsAnswer, ...failures(404, 422) },
  };
  server.get("/imodels/:iModelId/namedversions", { config: reads, preValidation, schema }, async (request) => {
    const { $top, $skip, ...filters } = request.query;
    const { id } = request.iModel;
    const orders = readOrder(filters.$orderBy, orderColumns, invalidCode);
    const rows = await versions.listNamedVersions(context.db, id, request.query, orders);
    const present = prefersRepresentation(request) ? presentNamedVersion : presentMinimalNamedVersion;
    const base = `${request.origin}/imodels/${id}/namedversions`;
    return {
      namedVersions: rows.slice(0, $top).map((row) => present(row, request.origin)),
      _links: pageLinksWithin(base, { $top, $skip }, rows.length, filters),
    };
  });
}

function createNamedVersion(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "createNamedVersion",
    summary: "Name a version: that of a changeset, or the one that the iModel was created with",
    tags,
    params: IModelParams,
    body: schemas.NewNamedVersion,
    response: { 201: schemas.NamedVersionAnswer, ...failures(404, 409, 422) },
  };
  const path = "/imodels/:iModelId/namedversions";
  server.post(path, { config: modifies, preValidation, schema }, async (request, reply) => {
    const { name, description, changesetId } = request.body;
    const { id: iModelId } = request.iModel;
    const id = await versions.nameVersion(context.db, {
      imodel_id: iModelId,
      changeset_index: await indexOf(context, iModelId, changesetId),
      name,
      description: description ?? null,
      created_by: request.principal.subject,
    });
    if (id === undefined) throw nameInUse();
    return reply.code(201).send(await showNamedVersion(context, iModelId, id, request.origin));
  });
}

function getNamedVersion(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "getNamedVersion",
    summary: "Get a named version",
    tags,
    params: schemas.NamedVersionParams,
    response: { 200: schemas.NamedVersionAnswer, ...failures(404, 422) },
  };
  const path = "/imodels/:iModelId/namedversions/:namedVersionId";
  server.get(path, { config: reads, preValidation, schema }, async ({ iModel, params, origin }) => {
    const { namedVersionId } = params;
    if (!isUuid(namedVersionId)) throw unprocessable(invalidCode, [invalidValue("namedVersionId")]);
    return showNamedVersion(context, iModel.id, namedVersionId, origin);
  });
}

async function showNamedVersion(
  { db }: ServiceContext,
  iModelId: string,
  id: string,
  origin: string,
): Promise<{ namedVersion: schemas.NamedVersion }> {
  const row = await versions.findNamedVersion(db, iModelId, id);
  if (row === undefined) throw notFound("NamedVersion");
  return { namedVersion: presentNamedVersion(row, origin) };
}

/** As on the platform, version 0 is meant where no changeset is given. */
async function indexOf({ db }: ServiceContext, iModelId: string, changesetId?: string | null): Promise<number> {
  if (changesetId === undefined || changesetId === null || changesetId === "") return 0;
  const changeset = await versions.findChangeset(db, iModelId, changesetId);
  if (changeset === undefined) throw notFound("Changeset");
  return changeset.index;
}

/** The platform's client knows this code, and calls it `NamedVersionExists` itself. */
function nameInUse(): HttpError {
  return new HttpError(409, "VersionExists", "Named Version with the same name already exists within the iModel.", {
    target: "name",
  });
}
