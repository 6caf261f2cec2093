import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { isUuid } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { accessITwin } from "./loadsITwin.js";
import * as schemas from "./iTwinSchemas.js";
import { ITwinStore, type ITwinRow } from "./ITwinStore.js";

const invalidCode = "InvalidiTwinsRequest";
const reads = { scopes: ["itwins:read", "itwins:modify"], invalidCode };
const modifies = { scopes: ["itwins:modify"], invalidCode };
const tags = ["iTwins"];

/** The operations on iTwins: rest-api.md, section 5.2. */
export async function iTwinRoutes(server: Server, context: ServiceContext): Promise<void> {
  const store = new ITwinStore(context.db, context.access);
  const preValidation = async (request: FastifyRequest) => {
    await accessITwin(context, request, (request.params as { iTwinId: string }).iTwinId);
  };

  server.post(
    "/itwins",
    {
      config: modifies,
      schema: {
        operationId: "createITwin",
        summary: "Create an iTwin",
        tags,
        body: schemas.NewITwin,
        response: { 201: schemas.ITwinAnswer, ...failures(422) },
      },
    },
    async (request, reply) => {
      refuseParent(request.body);
      const row = await store.create(request.body, request.principal.subject);
      return reply.code(201).send({ iTwin: toITwin(row) });
    },
  );

  server.get(
    "/itwins",
    {
      config: reads,
      schema: {
        operationId: "getITwins",
        summary: "List the iTwins that you are a member of",
        tags,
        querystring: schemas.ITwinsQuery,
        response: { 200: schemas.ITwinsAnswer, ...failures(422) },
      },
    },
    async (request) => {
      const { $top, $skip, ...filters } = request.query;
      const rows = await store.list(request.principal, request.query);
      const toEntry = prefersRepresentation(request) ? toITwin : toMinimal;
      return {
        iTwins: rows.slice(0, $top).map(toEntry),
        _links: pageLinksWithin(`${request.origin}/itwins`, { $top, $skip }, rows.length, filters),
      };
    },
  );

  server.get(
    "/itwins/:iTwinId",
    {
      config: reads,
      preValidation,
      schema: {
        operationId: "getITwin",
        summary: "Get an iTwin",
        tags,
        params: schemas.ITwinParams,
        response: { 200: schemas.ITwinAnswer, ...failures(404, 422) },
      },
    },
    async (request) => ({ iTwin: toITwin((await store.find(request.params.iTwinId))!) }),
  );

  server.patch(
    "/itwins/:iTwinId",
    {
      config: modifies,
      preValidation,
      schema: {
        operationId: "updateITwin",
        summary: "Change an iTwin",
        tags,
        params: schemas.ITwinParams,
        body: schemas.ITwinChanges,
        response: { 200: schemas.ITwinAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      refuseParent(request.body);
      return { iTwin: toITwin(await store.update(request.params.iTwinId, request.body)) };
    },
  );

  server.delete(
    "/itwins/:iTwinId",
    {
      config: modifies,
      preValidation,
      schema: {
        operationId: "deleteITwin",
        summary: "Delete an iTwin that has no iModels, with its storage",
        tags,
        params: schemas.ITwinParams,
        response: { 204: Type.Null(), ...failures(404, 409, 422) },
      },
    },
    async (request, reply) => {
      for (const key of await store.delete(request.params.iTwinId)) await context.blobs.delete(key);
      return reply.code(204).send(null);
    },
  );
}

function refuseParent({ parentId }: { parentId?: string | null }): void {
  if (parentId === undefined || parentId === null || isUuid(parentId)) return;
  throw unprocessable(invalidCode, [invalidValue("parentId")]);
}

function toMinimal(row: ITwinRow): schemas.MinimalITwin {
  return {
    id: row.id,
    class: row.class,
    subClass: row.sub_class,
    type: row.type,
    number: row.number,
    displayName: row.display_name,
  };
}

function toITwin(row: ITwinRow): schemas.ITwin {
  return {
    ...toMinimal(row),
    geographicLocation: row.geographic_location,
    ianaTimeZone: row.iana_time_zone,
    dataCenterLocation: row.data_center_location,
    status: row.status,
    parentId: row.parent_id,
    iTwinAccountId: null, // accounts are the platform's
    createdDateTime: row.created_at.toISOString(),
    createdBy: row.created_by,
  };
}
