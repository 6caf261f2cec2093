import type { FastifyRequest } from "fastify";
import type { SourceFileRow } from "../../platform/database/tables.js";
import { notFound } from "../../platform/errors.js";
import { pageLinksWithin, PagingQuery } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { ConnectionParams } from "./connectionSchemas.js";
import type { NewSourceFile } from "./ConnectionStore.js";
import { basePath, type ConnectionKind } from "./kinds.js";
import { loadsConnection, loadsSourceFile } from "./loadsConnection.js";
import { connectionUrl } from "./presentConnection.js";
import { presentSourceFile } from "./presentSourceFile.js";
import { invalidCodes, modifies, reads, tags } from "./routeConfig.js";
import * as schemas from "./sourceFileSchemas.js";
import { manifestSourceFile, unlessMapped } from "./sourceFiles.js";
import type { ConnectionParts } from "./SynchronizationParts.js";

/** Lists, adds, shows, changes and removes the source files of connections of one kind. */
export function sourceFileRoutes(server: Server, parts: ConnectionParts): void {
  for (const add of [getSourceFiles, addSourceFile, getSourceFile, updateSourceFile, removeSourceFile])
    add(server, parts);
}

function getSourceFiles(server: Server, parts: ConnectionParts): void {
  const { store, kind } = parts;
  const schema = {
    tags,
    params: ConnectionParams,
    operationId: `get${kind.entity}SourceFiles`,
    summary: "The source files of a connection",
    querystring: PagingQuery,
    response: { 200: schemas.SourceFilesAnswer, ...failures(404, 422) },
  };
  const options = { config: reads(invalidCodes.sourceFile(kind)), preValidation: loadsConnection(parts), schema };
  server.get(pathOf(kind), options, async (request) => {
    const { connection, origin, query } = request;
    const rows = await store.listSourceFiles(connection, query);
    const shown = { origin, isWhole: prefersRepresentation(request) };
    return {
      sourceFiles: rows.slice(0, query.$top).map((row) => presentSourceFile(row, connection, shown)),
      _links: pageLinksWithin(`${connectionUrl(origin, connection)}/sourcefiles`, query, rows.length),
    };
  });
}

function addSourceFile(server: Server, parts: ConnectionParts): void {
  const { store, kind } = parts;
  const schema = {
    tags,
    params: ConnectionParams,
    operationId: `add${kind.entity}SourceFile`,
    summary: "Adds a source file to a connection",
    body: bodyOf(kind),
    response: { 201: schemas.SourceFileAnswer, ...failures(404, 409, 422) },
  };
  const options = { config: modifies(invalidCodes.sourceFile(kind)), preValidation: loadsConnection(parts), schema };
  server.post(pathOf(kind), options, async (request, reply) => {
    const file = await describe(parts, request, request.body);
    const row = await unlessMapped(() => store.addSourceFile(request.connection, file));
    return reply.code(201).send(whole(row, request));
  });
}

function getSourceFile(server: Server, parts: ConnectionParts): void {
  const { kind } = parts;
  const schema = {
    tags,
    params: schemas.SourceFileParams,
    operationId: `get${kind.entity}SourceFile`,
    summary: "A source file of a connection",
    response: { 200: schemas.SourceFileAnswer, ...failures(404, 422) },
  };
  const options = { config: reads(invalidCodes.sourceFile(kind)), preValidation: loadsSourceFile(parts), schema };
  server.get(`${pathOf(kind)}/:sourceFileId`, options, async (request) => whole(request.sourceFile, request));
}

function updateSourceFile(server: Server, parts: ConnectionParts): void {
  const { store, kind } = parts;
  const schema = {
    tags,
    params: schemas.SourceFileParams,
    operationId: `update${kind.entity}SourceFile`,
    summary: "Puts another file, or another connector type, in the place of a source file",
    body: bodyOf(kind),
    response: { 200: schemas.SourceFileAnswer, ...failures(404, 409, 422) },
  };
  const options = { config: modifies(invalidCodes.sourceFile(kind)), preValidation: loadsSourceFile(parts), schema };
  server.put(`${pathOf(kind)}/:sourceFileId`, options, async (request) => {
    const file = await describe(parts, request, request.body);
    const row = await unlessMapped(() => store.updateSourceFile(request.sourceFile, file));
    if (row === undefined) throw notFound(`${kind.entity}SourceFile`);
    return whole(row, request);
  });
}

function removeSourceFile(server: Server, parts: ConnectionParts): void {
  const { store, kind } = parts;
  const schema = {
    tags,
    params: schemas.SourceFileParams,
    operationId: `remove${kind.entity}SourceFile`,
    summary: "Takes a source file from a connection; what it brought stays in the iModel",
    response: { 204: NoContent, ...failures(404, 422) },
  };
  const options = { config: modifies(invalidCodes.sourceFile(kind)), preValidation: loadsSourceFile(parts), schema };
  server.delete(`${pathOf(kind)}/:sourceFileId`, options, async (request, reply) => {
    await store.removeSourceFile(request.sourceFile);
    return reply.code(204).send();
  });
}

function pathOf({ segment }: ConnectionKind): string {
  return `${basePath}/${segment}/:connectionId/sourcefiles`;
}

function bodyOf({ kind }: ConnectionKind) {
  return kind === "storage" ? schemas.StorageSourceFileBody : schemas.ManifestSourceFileBody;
}

async function describe(
  { storageSourceFiles, kind }: ConnectionParts,
  { connection }: Pick<FastifyRequest, "connection">,
  body: schemas.StorageSourceFileBody | schemas.ManifestSourceFileBody,
): Promise<NewSourceFile> {
  if ("sourceFileId" in body) return manifestSourceFile(body);
  return storageSourceFiles.describe(connection, body, invalidCodes.sourceFile(kind));
}

function whole(
  row: SourceFileRow,
  { connection, origin }: Pick<FastifyRequest, "connection" | "origin">,
): { sourceFile: schemas.SourceFile } {
  return { sourceFile: presentSourceFile(row, connection, { origin, isWhole: true }) };
}
