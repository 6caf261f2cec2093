import { HttpError } from "../../platform/errors.js";
import { pageLinksWithin, PagingQuery } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { ConnectionParams } from "./connectionSchemas.js";
import { basePath, type ConnectionKind } from "./kinds.js";
import { loadsConnection, loadsRun } from "./loadsConnection.js";
import { connectionUrl } from "./presentConnection.js";
import { presentRun, presentRunReport } from "./presentRun.js";
import { invalidCodes, modifies, reads, tags } from "./routeConfig.js";
import { RunAnswer, RunParams, RunReportAnswer, RunsAnswer } from "./runSchemas.js";
import type { ConnectionParts } from "./SynchronizationParts.js";

/** Lists, shows and cancels the runs of connections of one kind. */
export function runRoutes(server: Server, parts: ConnectionParts): void {
  for (const add of [getRuns, getRun, getRunReport, cancelRun]) add(server, parts);
}

function getRuns(server: Server, parts: ConnectionParts): void {
  const { kind, runs } = parts;
  const schema = {
    operationId: `get${kind.entity}Runs`,
    summary: "The runs of a connection, newest first",
    tags,
    params: ConnectionParams,
    querystring: PagingQuery,
    response: { 200: RunsAnswer, ...failures(404, 422) },
  };
  const options = { config: reads(invalidCodes.run(kind)), preValidation: loadsConnection(parts), schema };
  server.get(pathOf(kind), options, async (request) => {
    const { connection, origin, query } = request;
    const rows = await runs.list(connection.id, query);
    const isWhole = prefersRepresentation(request);
    return {
      runs: rows.slice(0, query.$top).map((row) => presentRun(row, connection, isWhole)),
      _links: pageLinksWithin(`${connectionUrl(origin, connection)}/runs`, query, rows.length),
    };
  });
}

function getRun(server: Server, parts: ConnectionParts): void {
  const { kind } = parts;
  const schema = {
    operationId: `get${kind.entity}Run`,
    summary: "A run with its jobs and tasks",
    tags,
    params: RunParams,
    response: { 200: RunAnswer, ...failures(404, 422) },
  };
  const options = { config: reads(invalidCodes.run(kind)), preValidation: loadsRun(parts), schema };
  server.get(`${pathOf(kind)}/:runId`, options, async ({ run, connection }) => ({
    run: presentRun(run, connection, true),
  }));
}

function getRunReport(server: Server, parts: ConnectionParts): void {
  const { kind, runs } = parts;
  const schema = {
    operationId: `get${kind.entity}RunReport`,
    summary: "What each task did in full: counts, issues, phases. Not an operation of the platform",
    tags,
    params: RunParams,
    response: { 200: RunReportAnswer, ...failures(404, 422) },
  };
  const options = { config: reads(invalidCodes.run(kind)), preValidation: loadsRun(parts), schema };
  server.get(`${pathOf(kind)}/:runId/report`, options, async ({ run }) =>
    presentRunReport(run, await runs.reports(run.id), await runs.versions(run)),
  );
}

function cancelRun(server: Server, parts: ConnectionParts): void {
  const { kind, runs } = parts;
  const schema = {
    operationId: `cancel${kind.entity}Run`,
    summary: "Asks for the end of a run; what its finished tasks brought stays. Not an operation of the platform",
    tags,
    params: RunParams,
    response: { 202: NoContent, ...failures(404, 409, 422) },
  };
  const options = { config: modifies(invalidCodes.run(kind)), preValidation: loadsRun(parts), schema };
  server.post(`${pathOf(kind)}/:runId/cancel`, options, async ({ run }, reply) => {
    if (!(await runs.cancel(run.id))) throw new HttpError(409, "RunCompleted", "The run is over.");
    return reply.code(202).send();
  });
}

function pathOf({ segment }: ConnectionKind): string {
  return `${basePath}/${segment}/:connectionId/runs`;
}
