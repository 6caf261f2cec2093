import type { FastifyReply, FastifyRequest } from "fastify";
import type { Transaction } from "kysely";
import type { ConnectionRow, Tables } from "../../platform/database/tables.js";
import { HttpError, invalidValue, notFound, unprocessable, type ErrorDetail } from "../../platform/errors.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import { pageLinksWithin, PagingQuery } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import type { Server } from "../../platform/http/server.js";
import { isUuid } from "../../platform/ids.js";
import { planJobs } from "../../runs/planRun.js";
import type { NewRun } from "../../runs/RunStore.js";
import type { RunJob } from "../../platform/database/columns/RunState.js";
import { basePath, type ConnectionKind } from "./kinds.js";
import { ManifestBody, plannedFilesOf, readManifest } from "./readManifest.js";
import { mapDocuments } from "./mapDocuments.js";
import type { Parts } from "./Parts.js";
import { connectionUrl, presentRun, runUrl } from "./presentConnection.js";
import { ConnectionParams, RunAnswer, RunParams, RunReportAnswer, RunsAnswer } from "./connectionSchemas.js";

/** A manifest may name thousands of files, each by a long URL. */
const maxManifestBytes = 32 * 1024 ** 2;

/** Starts, lists, shows and cancels the runs of connections of one kind. */
export function runRoutes(server: Server, kind: ConnectionKind, parts: Parts): void {
  const { guards, runs, store } = parts;
  const { entity, segment } = kind;
  const path = `${basePath}/${segment}/:connectionId`;
  const invalidCode = `Invalid${entity}RunRequest`;
  const read = { scopes: ["synchronization:read", "synchronization:modify"], invalidCode };
  const modify = { scopes: ["synchronization:modify"], invalidCode };
  const tags = ["Synchronization"];
  const findConnection = guards.connection(kind);
  const findRun = async ({ connection, params }: FastifyRequest) => {
    const { runId } = params as { runId: string };
    if (!isUuid(runId)) throw unprocessable(invalidCode, [invalidValue("runId")]);
    const run = await store.findRun(connection, runId.toLowerCase());
    if (run === undefined) throw notFound(`${entity}Run`);
    return run;
  };

  const startSchema = {
    tags,
    params: ConnectionParams,
    response: { 202: NoContent, 303: NoContent, ...failures(404, 409, 422) },
  };
  const summary = "Starts a run, which goes on in the background; 303 leads to the run that the iModel has already";

  if (kind.kind === "manifest")
    server.post(
      `${path}/runs`,
      {
        bodyLimit: maxManifestBytes,
        config: modify,
        preValidation: [findConnection, emptyBodyForNone],
        schema: { ...startSchema, operationId: "runManifestConnection", summary, body: ManifestBody },
      },
      async (request, reply) => {
        const details: ErrorDetail[] = [];
        const isKnown = (type: string) => parts.storageSourceFiles.isConnectorType(type);
        const given = readManifest(request.body, isKnown, details);
        if (details.length > 0) throw unprocessable(invalidCode, details);
        return answerStart(parts, request, reply, async (transaction) => {
          const manifest = await mapDocuments(transaction, request.connection, given, invalidCode);
          return { jobs: planJobs(plannedFilesOf(manifest)), manifest, requestedBy: request.principal.name };
        });
      },
    );
  else
    for (const last of ["run", "runs"])
      // the second is what manifest connections call it
      server.post(
        `${path}/${last}`,
        {
          config: modify,
          preValidation: findConnection,
          schema: { ...startSchema, operationId: `${last}StorageConnection`, summary },
        },
        async (request, reply) =>
          answerStart(parts, request, reply, async (transaction) => ({
            jobs: await planStorageJobs(parts, transaction, request.connection),
            requestedBy: request.principal.name,
          })),
      );

  server.get(
    `${path}/runs`,
    {
      config: read,
      preValidation: findConnection,
      schema: {
        operationId: `get${entity}Runs`,
        summary: "The runs of a connection, newest first",
        tags,
        params: ConnectionParams,
        querystring: PagingQuery,
        response: { 200: RunsAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const { connection, origin, query } = request;
      const rows = await runs.list(connection.id, query);
      const isWhole = prefersRepresentation(request);
      return {
        runs: rows.slice(0, query.$top).map((row) => presentRun(row, connection, isWhole)),
        _links: pageLinksWithin(`${connectionUrl(origin, connection)}/runs`, query, rows.length),
      };
    },
  );

  server.get(
    `${path}/runs/:runId`,
    {
      config: read,
      preValidation: findConnection,
      schema: {
        operationId: `get${entity}Run`,
        summary: "A run with its jobs and tasks",
        tags,
        params: RunParams,
        response: { 200: RunAnswer, ...failures(404, 422) },
      },
    },
    async (request) => ({ run: presentRun(await findRun(request), request.connection, true) }),
  );

  server.get(
    `${path}/runs/:runId/report`,
    {
      config: read,
      preValidation: findConnection,
      schema: {
        operationId: `get${entity}RunReport`,
        summary: "What each task did in full: counts, issues, phases. Not an operation of the platform",
        tags,
        params: RunParams,
        response: { 200: RunReportAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const run = await findRun(request);
      const reports = await runs.reports(run.id);
      const tasks = run.jobs.flatMap((job) => job.tasks.map((task) => ({ ...task, connectorType: job.connectorType })));
      return {
        tasks: tasks.map(({ id, fileName, connectorType, result, error }) => {
          return { id, fileName, connectorType, result, error, report: reports.get(id) };
        }),
      };
    },
  );

  server.post(
    `${path}/runs/:runId/cancel`,
    {
      config: modify,
      preValidation: findConnection,
      schema: {
        operationId: `cancel${entity}Run`,
        summary: "Asks for the end of a run; what its finished tasks brought stays. Not an operation of the platform",
        tags,
        params: RunParams,
        response: { 202: NoContent, ...failures(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { id } = await findRun(request);
      if (!(await runs.cancel(id))) throw new HttpError(409, "RunCompleted", "The run is over.");
      return reply.code(202).send();
    },
  );
}

/** The body may be left out: such a run has nothing to do. */
async function emptyBodyForNone(request: FastifyRequest): Promise<void> {
  if (!request.isMalformed) request.body ??= {};
}

async function planStorageJobs(
  { store }: Parts,
  transaction: Transaction<Tables>,
  connection: ConnectionRow,
): Promise<RunJob[]> {
  const files = await store.allSourceFiles(connection, transaction);
  return planJobs(
    files.map((file) => ({
      connectorType: file.connector_type!,
      fileName: file.last_known_file_name ?? undefined,
      storageFileId: file.storage_file_id!,
      phase: "MasterFile",
    })),
  );
}

/** 202 for a new run, 303 for the one that the iModel has already, 409 where another request is being handled. */
async function answerStart(
  { runs }: Parts,
  { connection, origin }: FastifyRequest,
  reply: FastifyReply,
  describe: (transaction: Transaction<Tables>) => Promise<NewRun>,
): Promise<FastifyReply> {
  const start = await runs.start(connection, describe);
  if (start.kind === "created")
    return reply
      .code(202)
      .header("location", runUrl(origin, connection, start.runId))
      .send();
  if (start.kind === "active")
    return reply
      .code(303)
      .header("location", runUrl(origin, start.run.connection, start.run.id))
      .send();
  throw new HttpError(
    409,
    "ConflictWithAnotherIModelRequest",
    "This request is already being processed for this iModel.",
  );
}
