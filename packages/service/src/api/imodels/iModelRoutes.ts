import { Type } from "typebox";
import { notFound } from "../../platform/errors.js";
import { uuidIn } from "../../platform/http/loads.js";
import { readOrder } from "../../platform/http/ordering.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { loadsITwin } from "../itwins/loadsITwin.js";
import { findIModel, listIModels, updateIModel } from "./iModelQueries.js";
import * as schemas from "./iModelSchemas.js";
import { loadsIModel } from "./loadsIModel.js";
import { presentIModel, presentMinimalIModel } from "./presentIModel.js";
import { invalidCode, modifies, reads, tags } from "./routeConfig.js";

const orderColumns = { name: "name", createdDateTime: "created_at" } as const;

/** The operations on iModels. */
export function iModelRoutes(server: Server, context: ServiceContext): void {
  for (const add of [createIModel, getIModels, getIModel, patchIModel, deleteIModel, getCreateOperation])
    add(server, context);
}

function createIModel(server: Server, context: ServiceContext): void {
  const preValidation = loadsITwin(context, uuidIn("body", "iTwinId"));
  const schema = {
    operationId: "createIModel",
    summary: "Create an empty iModel",
    tags,
    body: schemas.NewIModel,
    response: { 201: schemas.IModelAnswer, ...failures(404, 409, 422) },
  };
  server.post("/imodels", { config: modifies, preValidation, schema }, async (request, reply) => {
    const { name, description, extent } = request.body;
    const createdBy = request.principal.subject;
    const props = { iTwinId: request.iTwin.id, name, description: description ?? undefined, extent, createdBy };
    const { id } = await context.histories.create(props);
    return reply.code(201).send(await showIModel(context, id, request.origin));
  });
}

function getIModels(server: Server, context: ServiceContext): void {
  const preValidation = loadsITwin(context, uuidIn("query", "iTwinId"));
  const schema = {
    operationId: "getIModels",
    summary: "List the iModels of an iTwin",
    tags,
    querystring: schemas.IModelsQuery,
    response: { 200: schemas.IModelsAnswer, ...failures(404, 422) },
  };
  server.get("/imodels", { config: reads, preValidation, schema }, async (request) => {
    const { $top, $skip, ...filters } = request.query;
    const orders = readOrder(filters.$orderBy, orderColumns, invalidCode);
    const rows = await listIModels(context.db, request.query, orders);
    const present = prefersRepresentation(request) ? presentIModel : presentMinimalIModel;
    return {
      iModels: rows.slice(0, $top).map((row) => present(row, request.origin)),
      _links: pageLinksWithin(`${request.origin}/imodels`, { $top, $skip }, rows.length, filters),
    };
  });
}

function getIModel(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "getIModel",
    summary: "Get an iModel",
    tags,
    params: schemas.IModelParams,
    response: { 200: schemas.IModelAnswer, ...failures(404, 422) },
  };
  server.get("/imodels/:iModelId", { config: reads, preValidation, schema }, async ({ iModel, origin }) => ({
    iModel: presentIModel(iModel, origin),
  }));
}

function patchIModel(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "updateIModel",
    summary: "Change the name, the description or the extent of an iModel",
    tags,
    params: schemas.IModelParams,
    body: schemas.IModelChanges,
    response: { 200: schemas.IModelAnswer, ...failures(404, 409, 422) },
  };
  server.patch("/imodels/:iModelId", { config: modifies, preValidation, schema }, async (request) => {
    const { id } = request.iModel;
    await updateIModel(context.db, id, request.body);
    return showIModel(context, id, request.origin);
  });
}

function deleteIModel(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "deleteIModel",
    summary: "Delete an iModel with all its versions and connections",
    tags,
    params: schemas.IModelParams,
    response: { 204: Type.Null(), ...failures(404, 409, 422) },
  };
  server.delete("/imodels/:iModelId", { config: modifies, preValidation, schema }, async (request, reply) => {
    await context.histories.remove(request.iModel.id);
    return reply.code(204).send(null);
  });
}

function getCreateOperation(server: Server, context: ServiceContext): void {
  const preValidation = loadsIModel(context);
  const schema = {
    operationId: "getCreateIModelOperation",
    summary: "Get how far the creation of an iModel is: always at its end",
    tags,
    params: schemas.IModelParams,
    response: { 200: schemas.CreateOperationAnswer, ...failures(404, 422) },
  };
  server.get("/imodels/:iModelId/operations/create", { config: reads, preValidation, schema }, async () => ({
    createOperation: { state: "successful", clonedFrom: null, forkedFrom: null },
  }));
}

/** An iModel as it is after a change. */
async function showIModel({ db }: ServiceContext, id: string, origin: string): Promise<{ iModel: schemas.IModel }> {
  const row = await findIModel(db, id);
  if (row === undefined) throw notFound("iModel"); // deleted at the same time
  return { iModel: presentIModel(row, origin) };
}
