import { Type } from "typebox";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import type { RequestHook } from "../../platform/http/loads.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { isUuid } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import * as schemas from "./iTwinSchemas.js";
import { ITwinStore } from "./ITwinStore.js";
import { loadsITwin } from "./loadsITwin.js";
import { presentITwin, presentMinimalITwin } from "./presentITwin.js";

const invalidCode = "InvalidiTwinsRequest";
const reads = { scopes: ["itwins:read", "itwins:modify"], invalidCode };
const modifies = { scopes: ["itwins:modify"], invalidCode };
const tags = ["iTwins"];

/** What the operations share. */
interface ITwinParts {
  context: ServiceContext;
  store: ITwinStore;
  loadITwin: RequestHook;
}

/** The operations on iTwins: rest-api.md, section 5.2. */
export async function iTwinRoutes(server: Server, context: ServiceContext): Promise<void> {
  const store = new ITwinStore(context.db, context.access);
  const parts: ITwinParts = { context, store, loadITwin: loadsITwin(context) };
  for (const add of [createITwin, listITwins, getITwin, updateITwin, deleteITwin]) add(server, parts);
}

function createITwin(server: Server, { store }: ITwinParts): void {
  const schema = {
    operationId: "createITwin",
    summary: "Create an iTwin",
    tags,
    body: schemas.NewITwin,
    response: { 201: schemas.ITwinAnswer, ...failures(422) },
  };
  server.post("/itwins", { config: modifies, schema }, async (request, reply) => {
    refuseParent(request.body);
    const row = await store.create(request.body, request.principal.subject);
    return reply.code(201).send({ iTwin: presentITwin(row) });
  });
}

function listITwins(server: Server, { store }: ITwinParts): void {
  const schema = {
    operationId: "getITwins",
    summary: "List the iTwins that you are a member of",
    tags,
    querystring: schemas.ITwinsQuery,
    response: { 200: schemas.ITwinsAnswer, ...failures(422) },
  };
  server.get("/itwins", { config: reads, schema }, async (request) => {
    const { $top, $skip, ...filters } = request.query;
    const rows = await store.list(request.principal, request.query);
    const present = prefersRepresentation(request) ? presentITwin : presentMinimalITwin;
    return {
      iTwins: rows.slice(0, $top).map(present),
      _links: pageLinksWithin(`${request.origin}/itwins`, { $top, $skip }, rows.length, filters),
    };
  });
}

function getITwin(server: Server, { loadITwin }: ITwinParts): void {
  const schema = {
    operationId: "getITwin",
    summary: "Get an iTwin",
    tags,
    params: schemas.ITwinParams,
    response: { 200: schemas.ITwinAnswer, ...failures(404, 422) },
  };
  server.get("/itwins/:iTwinId", { config: reads, preValidation: loadITwin, schema }, async ({ iTwin }) => ({
    iTwin: presentITwin(iTwin),
  }));
}

function updateITwin(server: Server, { store, loadITwin }: ITwinParts): void {
  const schema = {
    operationId: "updateITwin",
    summary: "Change an iTwin",
    tags,
    params: schemas.ITwinParams,
    body: schemas.ITwinChanges,
    response: { 200: schemas.ITwinAnswer, ...failures(404, 422) },
  };
  server.patch("/itwins/:iTwinId", { config: modifies, preValidation: loadITwin, schema }, async (request) => {
    refuseParent(request.body);
    return { iTwin: presentITwin(await store.update(request.iTwin.id, request.body)) };
  });
}

function deleteITwin(server: Server, { context: { blobs }, store, loadITwin }: ITwinParts): void {
  const schema = {
    operationId: "deleteITwin",
    summary: "Delete an iTwin that has no iModels, with its storage",
    tags,
    params: schemas.ITwinParams,
    response: { 204: Type.Null(), ...failures(404, 409, 422) },
  };
  server.delete("/itwins/:iTwinId", { config: modifies, preValidation: loadITwin, schema }, async (request, reply) => {
    for (const key of await store.delete(request.iTwin.id)) await blobs.delete(key);
    return reply.code(204).send(null);
  });
}

function refuseParent({ parentId }: { parentId?: string | null }): void {
  if (parentId === undefined || parentId === null || isUuid(parentId)) return;
  throw unprocessable(invalidCode, [invalidValue("parentId")]);
}
