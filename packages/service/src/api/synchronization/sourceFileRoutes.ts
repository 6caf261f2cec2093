import type { FastifyRequest } from "fastify";
import type { Static } from "typebox";
import type { SourceFileRow } from "../../platform/database/tables.js";
import { notFound } from "../../platform/errors.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import { pageLinksWithin, PagingQuery } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import type { Server } from "../../platform/http/server.js";
import type { NewSourceFile } from "./ConnectionStore.js";
import { basePath, type ConnectionKind } from "./kinds.js";
import type { Parts } from "./Parts.js";
import { connectionUrl, presentSourceFile } from "./presentConnection.js";
import {
  ConnectionParams,
  ManifestSourceFileBody,
  SourceFileAnswer,
  SourceFileParams,
  SourceFilesAnswer,
  StorageSourceFileBody,
} from "./connectionSchemas.js";
import { manifestSourceFiles, unlessMapped } from "./sourceFiles.js";

type Body = Static<typeof StorageSourceFileBody> | Static<typeof ManifestSourceFileBody>;

/** Lists, adds, shows, changes and removes the source files of connections of one kind. */
export function sourceFileRoutes(server: Server, kind: ConnectionKind, parts: Parts): void {
  const { guards, store } = parts;
  const { entity, segment } = kind;
  const path = `${basePath}/${segment}/:connectionId/sourcefiles`;
  const invalidCode = `Invalid${entity}SourceFileRequest`;
  const read = { scopes: ["synchronization:read", "synchronization:modify"], invalidCode };
  const modify = { scopes: ["synchronization:modify"], invalidCode };
  const tags = ["Synchronization"];
  const findConnection = guards.connection(kind);
  const findBoth = [findConnection, guards.sourceFile(kind)];
  const body = kind.kind === "storage" ? StorageSourceFileBody : ManifestSourceFileBody;
  const whole = (row: SourceFileRow, { connection, origin }: FastifyRequest) => ({
    sourceFile: presentSourceFile(row, connection, { origin, isWhole: true }),
  });
  const describe = async ({ connection }: FastifyRequest, given: Body): Promise<NewSourceFile> => {
    if ("sourceFileId" in given) return manifestSourceFiles([given])[0]!;
    const [described] = await parts.storageSourceFiles.describe(connection, [given], invalidCode);
    return described!;
  };

  const all = { tags, params: ConnectionParams };
  const one = { tags, params: SourceFileParams };

  server.get(
    path,
    {
      config: read,
      preValidation: findConnection,
      schema: {
        ...all,
        operationId: `get${entity}SourceFiles`,
        summary: "The source files of a connection",
        querystring: PagingQuery,
        response: { 200: SourceFilesAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const { connection, origin, query } = request;
      const rows = await store.listSourceFiles(connection, query);
      const shown = { origin, isWhole: prefersRepresentation(request) };
      return {
        sourceFiles: rows.slice(0, query.$top).map((row) => presentSourceFile(row, connection, shown)),
        _links: pageLinksWithin(`${connectionUrl(origin, connection)}/sourcefiles`, query, rows.length),
      };
    },
  );

  server.post(
    path,
    {
      config: modify,
      preValidation: findConnection,
      schema: {
        ...all,
        operationId: `add${entity}SourceFile`,
        summary: "Adds a source file to a connection",
        body,
        response: { 201: SourceFileAnswer, ...failures(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const file = await describe(request, request.body);
      const row = await unlessMapped(() => store.addSourceFile(request.connection, file));
      return reply.code(201).send(whole(row, request));
    },
  );

  server.get(
    `${path}/:sourceFileId`,
    {
      config: read,
      preValidation: findBoth,
      schema: {
        ...one,
        operationId: `get${entity}SourceFile`,
        summary: "A source file of a connection",
        response: { 200: SourceFileAnswer, ...failures(404, 422) },
      },
    },
    async (request) => whole(request.sourceFile, request),
  );

  server.put(
    `${path}/:sourceFileId`,
    {
      config: modify,
      preValidation: findBoth,
      schema: {
        ...one,
        operationId: `update${entity}SourceFile`,
        summary: "Puts another file, or another connector type, in the place of a source file",
        body,
        response: { 200: SourceFileAnswer, ...failures(404, 409, 422) },
      },
    },
    async (request) => {
      const file = await describe(request, request.body);
      const row = await unlessMapped(() => store.updateSourceFile(request.sourceFile, file));
      if (row === undefined) throw notFound(`${entity}SourceFile`);
      return whole(row, request);
    },
  );

  server.delete(
    `${path}/:sourceFileId`,
    {
      config: modify,
      preValidation: findBoth,
      schema: {
        ...one,
        operationId: `remove${entity}SourceFile`,
        summary: "Takes a source file from a connection; what it brought stays in the iModel",
        response: { 204: NoContent, ...failures(404, 422) },
      },
    },
    async (request, reply) => {
      await store.removeSourceFile(request.sourceFile);
      return reply.code(204).send();
    },
  );
}
