import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { readOrder } from "../../platform/http/ordering.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { accessITwin } from "../itwins/loadsITwin.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { addChangesetRoutes } from "./changesetRoutes.js";
import { invalidCode, loadIModel, modifies, reads } from "./loadsIModel.js";
import { findIModel, listIModels, updateIModel, type ShownIModel } from "./iModelQueries.js";
import * as schemas from "./iModelSchemas.js";
import { addNamedVersionRoutes } from "./namedVersionRoutes.js";
import { addSnapshotRoute } from "./snapshotRoutes.js";

const tags = ["iModels"];
const orderColumns = { name: "name", createdDateTime: "created_at" } as const;

/** The operations on iModels and their versions: rest-api.md, section 5.3. */
export async function iModelRoutes(server: Server, context: ServiceContext): Promise<void> {
  server.decorateRequest("iModel");
  addCollectionRoutes(server, context);
  addSingleRoutes(server, context);
  addChangesetRoutes(server, context);
  addNamedVersionRoutes(server, context);
  addSnapshotRoute(server, context);
}

function addCollectionRoutes(server: Server, context: ServiceContext): void {
  const { db, histories } = context;

  server.post(
    "/imodels",
    {
      config: modifies,
      preValidation: (request) => accessNamedITwin(context, request, request.body),
      schema: {
        operationId: "createIModel",
        summary: "Create an empty iModel",
        tags,
        body: schemas.NewIModel,
        response: { 201: schemas.IModelAnswer, ...failures(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { iTwinId, name, description, extent } = request.body;
      const createdBy = request.principal.subject;
      const props = { iTwinId: iTwinId.toLowerCase(), name, description: description ?? undefined, extent, createdBy };
      const { id } = await histories.create(props);
      return reply.code(201).send({ iModel: toIModel((await findIModel(db, id))!, request.origin) });
    },
  );

  server.get(
    "/imodels",
    {
      config: reads,
      preValidation: (request) => accessNamedITwin(context, request, request.query),
      schema: {
        operationId: "getIModels",
        summary: "List the iModels of an iTwin",
        tags,
        querystring: schemas.IModelsQuery,
        response: { 200: schemas.IModelsAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const { $top, $skip, ...filters } = request.query;
      const rows = await listIModels(db, request.query, readOrder(filters.$orderBy, orderColumns, invalidCode));
      const toEntry = prefersRepresentation(request) ? toIModel : toMinimal;
      return {
        iModels: rows.slice(0, $top).map((row) => toEntry(row, request.origin)),
        _links: pageLinksWithin(`${request.origin}/imodels`, { $top, $skip }, rows.length, filters),
      };
    },
  );
}

function addSingleRoutes(server: Server, context: ServiceContext): void {
  const { db, histories } = context;
  const preValidation = loadIModel(context);

  server.get(
    "/imodels/:iModelId",
    {
      config: reads,
      preValidation,
      schema: {
        operationId: "getIModel",
        summary: "Get an iModel",
        tags,
        params: schemas.IModelParams,
        response: { 200: schemas.IModelAnswer, ...failures(404, 422) },
      },
    },
    async (request) => ({ iModel: toIModel(request.iModel, request.origin) }),
  );

  server.patch(
    "/imodels/:iModelId",
    {
      config: modifies,
      preValidation,
      schema: {
        operationId: "updateIModel",
        summary: "Change the name, the description or the extent of an iModel",
        tags,
        params: schemas.IModelParams,
        body: schemas.IModelChanges,
        response: { 200: schemas.IModelAnswer, ...failures(404, 409, 422) },
      },
    },
    async (request) => {
      const { id } = request.iModel;
      await updateIModel(db, id, request.body);
      return { iModel: toIModel((await findIModel(db, id))!, request.origin) };
    },
  );

  server.delete(
    "/imodels/:iModelId",
    {
      config: modifies,
      preValidation,
      schema: {
        operationId: "deleteIModel",
        summary: "Delete an iModel with all its versions and connections",
        tags,
        params: schemas.IModelParams,
        response: { 204: Type.Null(), ...failures(404, 409, 422) },
      },
    },
    async (request, reply) => {
      await histories.remove(request.iModel.id);
      return reply.code(204).send(null);
    },
  );

  server.get(
    "/imodels/:iModelId/operations/create",
    {
      config: reads,
      preValidation,
      schema: {
        operationId: "getCreateIModelOperation",
        summary: "Get how far the creation of an iModel is: always at its end",
        tags,
        params: schemas.IModelParams,
        response: { 200: schemas.CreateOperationAnswer, ...failures(404, 422) },
      },
    },
    async () => ({ createOperation: { state: "successful", clonedFrom: null, forkedFrom: null } }),
  );
}

/** Where no iTwin is named, the validation says so. */
async function accessNamedITwin(context: ServiceContext, request: FastifyRequest, given: unknown): Promise<void> {
  const { iTwinId } = (given ?? {}) as { iTwinId?: unknown };
  if (typeof iTwinId === "string") await accessITwin(context, request, iTwinId);
}

function toMinimal({ id, name }: ShownIModel): schemas.MinimalIModel {
  return { id, displayName: name };
}

function toIModel(row: ShownIModel, origin: string): schemas.IModel {
  const href = `${origin}/imodels/${row.id}`;
  return {
    ...toMinimal(row),
    name: row.name,
    description: row.description,
    state: row.state,
    createdDateTime: row.created_at.toISOString(),
    iTwinId: row.itwin_id,
    extent: row.extent as schemas.IModel["extent"],
    dataCenterLocation: row.data_center_location ?? "Self-hosted",
    containersEnabled: 0,
    lastChangesetPushDateTime: row.last_pushed_at?.toISOString() ?? null,
    _links: {
      creator: null,
      changesets: { href: `${href}/changesets` },
      namedVersions: { href: `${href}/namedversions` },
    },
  };
}
