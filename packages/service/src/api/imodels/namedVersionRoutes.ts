import { HttpError, invalidValue, notFound, unprocessable } from "../../platform/errors.js";
import { readOrder } from "../../platform/http/ordering.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { isUuid } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { invalidCode, loadIModel, modifies, reads } from "./loadsIModel.js";
import * as schemas from "./iModelSchemas.js";
import * as versions from "./versionQueries.js";

const tags = ["iModels"];
const orderColumns = { changesetIndex: "changeset_index", createdDateTime: "created_at" } as const;

/** The operations on named versions. */
export function addNamedVersionRoutes(server: Server, context: ServiceContext): void {
  const { db } = context;
  const preValidation = loadIModel(context);

  server.get(
    "/imodels/:iModelId/namedversions",
    {
      config: reads,
      preValidation,
      schema: {
        operationId: "getNamedVersions",
        summary: "List the named versions of an iModel",
        tags,
        params: schemas.IModelParams,
        querystring: schemas.NamedVersionsQuery,
        response: { 200: schemas.NamedVersionsAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const { $top, $skip, ...filters } = request.query;
      const { id } = request.iModel;
      const orders = readOrder(filters.$orderBy, orderColumns, invalidCode);
      const rows = await versions.listNamedVersions(db, id, request.query, orders);
      const toEntry = prefersRepresentation(request) ? toNamedVersion : toMinimal;
      const base = `${request.origin}/imodels/${id}/namedversions`;
      return {
        namedVersions: rows.slice(0, $top).map((row) => toEntry(row, request.origin)),
        _links: pageLinksWithin(base, { $top, $skip }, rows.length, filters),
      };
    },
  );

  server.post(
    "/imodels/:iModelId/namedversions",
    {
      config: modifies,
      preValidation,
      schema: {
        operationId: "createNamedVersion",
        summary: "Name a version: that of a changeset, or the one that the iModel was created with",
        tags,
        params: schemas.IModelParams,
        body: schemas.NewNamedVersion,
        response: { 201: schemas.NamedVersionAnswer, ...failures(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { name, description, changesetId } = request.body;
      const { id: iModelId } = request.iModel;
      const id = await versions.nameVersion(db, {
        imodel_id: iModelId,
        changeset_index: await indexOf(context, iModelId, changesetId),
        name,
        description: description ?? null,
        created_by: request.principal.subject,
      });
      if (id === undefined) throw nameInUse();
      const row = (await versions.findNamedVersion(db, iModelId, id))!;
      return reply.code(201).send({ namedVersion: toNamedVersion(row, request.origin) });
    },
  );

  server.get(
    "/imodels/:iModelId/namedversions/:namedVersionId",
    {
      config: reads,
      preValidation,
      schema: {
        operationId: "getNamedVersion",
        summary: "Get a named version",
        tags,
        params: schemas.NamedVersionParams,
        response: { 200: schemas.NamedVersionAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const { namedVersionId } = request.params;
      if (!isUuid(namedVersionId)) throw unprocessable(invalidCode, [invalidValue("namedVersionId")]);
      const row = await versions.findNamedVersion(db, request.iModel.id, namedVersionId);
      if (row === undefined) throw notFound("NamedVersion");
      return { namedVersion: toNamedVersion(row, request.origin) };
    },
  );
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

function toMinimal(row: versions.ShownNamedVersion): schemas.MinimalNamedVersion {
  return { id: row.id, displayName: row.name, changesetId: row.changeset_id, changesetIndex: row.changeset_index };
}

function toNamedVersion(row: versions.ShownNamedVersion, origin: string): schemas.NamedVersion {
  const { imodel_id: iModelId, changeset_id: changesetId } = row;
  return {
    ...toMinimal(row),
    name: row.name,
    description: row.description,
    createdDateTime: row.created_at.toISOString(),
    state: "visible",
    application: null,
    _links: {
      creator: null,
      changeset: changesetId === null ? null : { href: `${origin}/imodels/${iModelId}/changesets/${changesetId}` },
    },
  };
}
