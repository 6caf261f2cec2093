import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Static } from "typebox";
import type { ConnectionRow } from "../../platform/database/tables.js";
import { HttpError, invalidValue, notFound, unprocessable } from "../../platform/errors.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import type { Server } from "../../platform/http/server.js";
import { isUuid } from "../../platform/ids.js";
import { findIModel } from "../imodels/iModelQueries.js";
import type { NewSourceFile } from "./ConnectionStore.js";
import { basePath, type ConnectionKind } from "./kinds.js";
import type { Parts } from "./Parts.js";
import { presentConnection } from "./presentConnection.js";
import {
  ConnectionAnswer,
  ConnectionParams,
  ConnectionsAnswer,
  ConnectionUpdateBody,
  IModelQuery,
  NewManifestConnectionBody,
  NewStorageConnectionBody,
} from "./connectionSchemas.js";
import { manifestSourceFiles, unlessMapped } from "./sourceFiles.js";

type NewConnectionBody = Static<typeof NewStorageConnectionBody> | Static<typeof NewManifestConnectionBody>;

/** Lists, creates, shows, changes and removes the connections of one kind. */
export function connectionRoutes(server: Server, kind: ConnectionKind, parts: Parts): void {
  const { guards, store, access } = parts;
  const { entity, segment } = kind;
  const path = `${basePath}/${segment}`;
  const invalidCode = `Invalid${entity}Request`;
  const read = { scopes: ["synchronization:read", "synchronization:modify"], invalidCode };
  const modify = { scopes: ["synchronization:modify"], invalidCode };
  const tags = ["Synchronization"];
  const findConnection = guards.connection(kind);
  const whole = (row: ConnectionRow, { origin }: FastifyRequest) => ({
    connection: presentConnection(row, { origin, isWhole: true }),
  });

  server.get(
    path,
    {
      config: read,
      preValidation: (request) => guards.imodelOfQuery(request),
      schema: {
        operationId: `get${entity}s`,
        summary: "The connections of an iModel",
        tags,
        querystring: IModelQuery,
        response: { 200: ConnectionsAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const rows = await store.list(request.listedIModel.id, kind.kind, request.query);
      return presentConnections(rows, request, prefersRepresentation(request));
    },
  );

  server.post(
    path,
    {
      config: modify,
      schema: {
        operationId: `create${entity}`,
        summary: "Creates a connection with its source files",
        tags,
        body: kind.kind === "storage" ? NewStorageConnectionBody : NewManifestConnectionBody,
        response: { 201: ConnectionAnswer, ...failures(409, 422) },
      },
    },
    async (request, reply) => {
      const body = request.body;
      const imodel = isUuid(body.iModelId) ? await findIModel(parts.db, body.iModelId) : undefined;
      if (imodel === undefined) throw unprocessable(invalidCode, [invalidValue("iModelId")]);
      await access.ensureMember(request.principal, imodel.itwin_id);
      const files = await describeFiles(parts, imodel, body, invalidCode);
      const row = await unlessMapped(() => store.create(newConnection(kind, imodel, body, request), files));
      return reply.code(201).send(whole(row, request));
    },
  );

  const one = { tags, params: ConnectionParams };

  server.get(
    `${path}/:connectionId`,
    {
      config: read,
      preValidation: findConnection,
      schema: {
        ...one,
        operationId: `get${entity}`,
        summary: "A connection",
        response: { 200: ConnectionAnswer, ...failures(404, 422) },
      },
    },
    async (request) => whole(request.connection, request),
  );

  server.put(
    `${path}/:connectionId`,
    {
      config: modify,
      preValidation: findConnection,
      schema: {
        ...one,
        operationId: `update${entity}`,
        summary: "Changes the name or the kind of authentication of a connection",
        body: ConnectionUpdateBody,
        response: { 200: ConnectionAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const { displayName, authenticationType } = request.body;
      const row = await store.update(request.connection, {
        ...(displayName === undefined ? {} : { display_name: displayName }),
        ...(authenticationType === undefined ? {} : { authentication_type: authenticationType }),
      });
      if (row === undefined) throw notFound(entity);
      return whole(row, request);
    },
  );

  server.delete(
    `${path}/:connectionId`,
    {
      config: modify,
      preValidation: findConnection,
      schema: {
        ...one,
        operationId: `delete${entity}`,
        summary: "Removes a connection, its source files and its runs; what it brought stays in the iModel",
        response: { 204: NoContent, ...failures(404, 409, 422) },
      },
    },
    async (request, reply) => {
      if (!(await store.delete(request.connection)))
        throw new HttpError(409, "ActiveRun", "The connection has an active run. Cancel it, or wait for its end.");
      return reply.code(204).send();
    },
  );
}

/** A page of connections; one more than it holds tells that there is a next one. */
export function presentConnections(
  rows: ConnectionRow[],
  { origin, query, url }: { origin: string; query: Static<typeof IModelQuery>; url: string },
  isWhole: boolean,
): Static<typeof ConnectionsAnswer> {
  const base = origin + url.split("?")[0]!.toLowerCase();
  return {
    connections: rows.slice(0, query.$top).map((row) => presentConnection(row, { origin, isWhole })),
    _links: pageLinksWithin(base, query, rows.length, { imodelId: query.imodelId }),
  };
}

async function describeFiles(
  { storageSourceFiles }: Parts,
  imodel: { itwin_id: string },
  { sourceFiles }: NewConnectionBody,
  invalidCode: string,
): Promise<NewSourceFile[]> {
  const documents = sourceFiles.filter((file) => "sourceFileId" in file);
  if (documents.length > 0) return manifestSourceFiles(documents);
  const files = sourceFiles.filter((file) => "storageFileId" in file);
  const ids = new Set(files.map(({ storageFileId }) => storageFileId));
  if (ids.size < files.length) throw new HttpError(409, "FileAlreadyMapped", "A file is named twice.");
  const targetOf = (index: number, property: string) => `sourceFiles[${index}].${property}`;
  return storageSourceFiles.describe(imodel, files, invalidCode, targetOf);
}

function newConnection(
  { kind }: ConnectionKind,
  imodel: { id: string; itwin_id: string },
  body: NewConnectionBody,
  { principal }: FastifyRequest,
) {
  return {
    id: randomUUID(),
    kind,
    imodel_id: imodel.id,
    itwin_id: imodel.itwin_id,
    display_name: body.displayName ?? null,
    authentication_type: body.authenticationType ?? ("User" as const),
    created_at: new Date(),
    created_by: principal.subject,
  };
}
