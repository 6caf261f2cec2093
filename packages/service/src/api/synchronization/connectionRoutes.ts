import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { ConnectionRow } from "../../platform/database/tables.js";
import { HttpError, invalidValue, notFound, unprocessable } from "../../platform/errors.js";
import { uuidIn } from "../../platform/http/loads.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { isUuid } from "../../platform/ids.js";
import { findIModel } from "../imodels/iModelQueries.js";
import { loadsIModel } from "../imodels/loadsIModel.js";
import * as schemas from "./connectionSchemas.js";
import type { NewConnection, NewSourceFile } from "./ConnectionStore.js";
import { basePath, type ConnectionKind } from "./kinds.js";
import { loadsConnection } from "./loadsConnection.js";
import { presentConnection, presentConnections } from "./presentConnection.js";
import { findTooMany } from "./readManifest.js";
import { invalidCodes, modifies, reads, tags } from "./routeConfig.js";
import { manifestSourceFile, unlessMapped } from "./sourceFiles.js";
import type { ConnectionParts } from "./SynchronizationParts.js";

/** Lists, creates, shows, changes and removes the connections of one kind. */
export function connectionRoutes(server: Server, parts: ConnectionParts): void {
  for (const add of [getConnections, createConnection, getConnection, updateConnection, deleteConnection])
    add(server, parts);
}

function getConnections(server: Server, { context, store, kind }: ConnectionParts): void {
  const path = pathOf(kind);
  const schema = {
    operationId: `get${kind.entity}s`,
    summary: "The connections of an iModel",
    tags,
    querystring: schemas.IModelQuery,
    response: { 200: schemas.ConnectionsAnswer, ...failures(404, 422) },
  };
  const config = reads(invalidCodes.connection(kind));
  const preValidation = loadsIModel(context, uuidIn("query", "imodelId"));
  server.get(path, { config, preValidation, schema }, async (request) => {
    const { iModel, origin, query } = request;
    const rows = await store.list(iModel.id, kind.kind, query);
    return presentConnections(rows, origin + path, query, { origin, isWhole: prefersRepresentation(request) });
  });
}

function createConnection(server: Server, parts: ConnectionParts): void {
  const { context, store, kind } = parts;
  const schema = {
    operationId: `create${kind.entity}`,
    summary: "Creates a connection with its source files",
    tags,
    body: kind.kind === "storage" ? schemas.NewStorageConnectionBody : schemas.NewManifestConnectionBody,
    response: { 201: schemas.ConnectionAnswer, ...failures(409, 422) },
  };
  const invalidCode = invalidCodes.connection(kind);
  server.post(pathOf(kind), { config: modifies(invalidCode), schema }, async (request, reply) => {
    const { body, principal } = request;
    const tooMany = findTooMany(body.sourceFiles.length, context.config.manifests.maxItems);
    if (tooMany.length > 0) throw unprocessable(invalidCode, tooMany);
    const iModel = isUuid(body.iModelId) ? await findIModel(context.db, body.iModelId) : undefined;
    if (iModel === undefined) throw unprocessable(invalidCode, [invalidValue("iModelId")]);
    await context.access.ensureMember(principal, iModel.itwin_id);
    const files = await describeFiles(parts, iModel, body);
    const row = await unlessMapped(() => store.create(newConnection(kind, iModel, body, principal.subject), files));
    return reply.code(201).send(whole(row, request));
  });
}

function getConnection(server: Server, parts: ConnectionParts): void {
  const { kind } = parts;
  const schema = {
    tags,
    params: schemas.ConnectionParams,
    operationId: `get${kind.entity}`,
    summary: "A connection",
    response: { 200: schemas.ConnectionAnswer, ...failures(404, 422) },
  };
  const options = { config: reads(invalidCodes.connection(kind)), preValidation: loadsConnection(parts), schema };
  server.get(`${pathOf(kind)}/:connectionId`, options, async (request) => whole(request.connection, request));
}

function updateConnection(server: Server, parts: ConnectionParts): void {
  const { store, kind } = parts;
  const schema = {
    tags,
    params: schemas.ConnectionParams,
    operationId: `update${kind.entity}`,
    summary: "Changes the name, the kind of authentication or the run options of a connection",
    body: schemas.ConnectionUpdateBody,
    response: { 200: schemas.ConnectionAnswer, ...failures(404, 422) },
  };
  const options = { config: modifies(invalidCodes.connection(kind)), preValidation: loadsConnection(parts), schema };
  server.put(`${pathOf(kind)}/:connectionId`, options, async (request) => {
    const { displayName, authenticationType, runOptions } = request.body;
    const row = await store.update(request.connection, {
      ...(displayName === undefined ? {} : { display_name: displayName }),
      ...(authenticationType === undefined ? {} : { authentication_type: authenticationType }),
      ...(runOptions === undefined ? {} : { run_options: JSON.stringify(runOptions) }),
    });
    if (row === undefined) throw notFound(kind.entity);
    return whole(row, request);
  });
}

function deleteConnection(server: Server, parts: ConnectionParts): void {
  const { store, kind } = parts;
  const schema = {
    tags,
    params: schemas.ConnectionParams,
    operationId: `delete${kind.entity}`,
    summary: "Removes a connection, its source files and its runs; what it brought stays in the iModel",
    response: { 204: NoContent, ...failures(404, 409, 422) },
  };
  const options = { config: modifies(invalidCodes.connection(kind)), preValidation: loadsConnection(parts), schema };
  server.delete(`${pathOf(kind)}/:connectionId`, options, async (request, reply) => {
    if (!(await store.delete(request.connection)))
      throw new HttpError(409, "ActiveRun", "The connection has an active run. Cancel it, or wait for its end.");
    return reply.code(204).send();
  });
}

function pathOf({ segment }: ConnectionKind): string {
  return `${basePath}/${segment}`;
}

function whole(row: ConnectionRow, { origin }: Pick<FastifyRequest, "origin">): { connection: schemas.Connection } {
  return { connection: presentConnection(row, { origin, isWhole: true }) };
}

async function describeFiles(
  { storageSourceFiles, kind }: ConnectionParts,
  iModel: { itwin_id: string },
  { sourceFiles }: schemas.NewConnectionBody,
): Promise<NewSourceFile[]> {
  const documents = sourceFiles.filter((file) => "sourceFileId" in file);
  if (documents.length > 0) return documents.map(manifestSourceFile);
  const files = sourceFiles.filter((file) => "storageFileId" in file);
  const ids = new Set(files.map(({ storageFileId }) => storageFileId));
  if (ids.size < files.length) throw new HttpError(409, "FileAlreadyMapped", "A file is named twice.");
  return storageSourceFiles.describeAll(iModel, files, invalidCodes.connection(kind));
}

function newConnection(
  { kind }: ConnectionKind,
  iModel: { id: string; itwin_id: string },
  { displayName, authenticationType = "User", runOptions }: schemas.NewConnectionBody,
  createdBy: string,
): NewConnection {
  return {
    id: randomUUID(),
    kind,
    imodel_id: iModel.id,
    itwin_id: iModel.itwin_id,
    display_name: displayName ?? null,
    authentication_type: authenticationType,
    run_options: runOptions === undefined ? null : JSON.stringify(runOptions),
    created_at: new Date(),
    created_by: createdBy,
  };
}
