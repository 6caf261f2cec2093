import type { FastifyRequest } from "fastify";
import type { UrlSigner } from "../../platform/blobs/UrlSigner.js";
import type { RunRow } from "../../platform/database/tables.js";
import { forbidden, invalidValue, notFound, unprocessable, type ErrorDetail } from "../../platform/errors.js";
import { textIn } from "../../platform/http/loads.js";
import { errorAnswers, failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { fromLongId, isUuid, toLongId } from "../../platform/ids.js";
import type { ConnectorReport } from "../../work/process/messages.js";
import { loadsIModel } from "../imodels/loadsIModel.js";
import * as schemas from "./diagnosticSchemas.js";
import { endOf, presentDiagnosticReport, type EndedTask } from "./presentDiagnosticReport.js";
import { tags } from "./routeConfig.js";
import type { SynchronizationParts } from "./SynchronizationParts.js";

/** The platform's path is in no document: the operation is at both of these. The first one has the reports themselves. */
const [path, alias] = ["/synchronization/diagnosticreports", "/synchronization/imodels/diagnosticreports"] as const;

/** Only the scope of the platform suffices. */
const config = { scopes: [], invalidCode: "InvalidBadgersRequest" };

/** The diagnostic reports of tasks: rest-api-more.md, section 2. They are made when they are read, from what is kept of a run. */
export function diagnosticRoutes(server: Server, parts: SynchronizationParts): void {
  getDiagnosticReports(server, parts, path, "getDiagnosticReports");
  getDiagnosticReports(server, parts, alias, "getIModelDiagnosticReports");
  readDiagnosticReport(server, parts);
}

function getDiagnosticReports(
  server: Server,
  { context, store }: SynchronizationParts,
  at: string,
  operationId: string,
): void {
  const schema = {
    operationId,
    summary: "The diagnostic reports of a run, or of a task of it",
    tags,
    querystring: schemas.DiagnosticReportsQuery,
    response: { 200: schemas.DiagnosticReportsAnswer, ...failures(404, 422) },
  };
  const preValidation = [checkIds, loadsIModel(context, (request) => textIn(request, "query", "imodelId"))];
  server.get(at, { config, preValidation, schema }, async ({ iModel, query, origin }) => {
    const run = await store.findAnyRun(query.runId?.toLowerCase() ?? "");
    const tasks = run?.imodel_id === iModel.id ? endedTasks(run) : [];
    const isAsked = (id: string) => query.taskId === undefined || id === query.taskId.toLowerCase();
    return {
      reports: tasks
        .filter(({ task }) => isAsked(task.id))
        .map((ended) => presentEntry(ended, { origin, signer: context.signer })),
    };
  });
}

/** Reports all that is wrong with the ids at once. */
async function checkIds(request: FastifyRequest): Promise<void> {
  const taskId = textIn(request, "query", "taskId");
  const details = [
    ...faultsOf(textIn(request, "query", "imodelId"), "iModelId"),
    ...faultsOf(textIn(request, "query", "runId"), "runId"),
    ...(taskId === undefined || isUuid(taskId) ? [] : [invalidValue("taskId")]),
  ];
  if (details.length > 0) throw unprocessable(config.invalidCode, details);
}

function faultsOf(id: string | undefined, target: string): ErrorDetail[] {
  if (id === undefined || id === "")
    return [{ code: "MissingRequiredProperty", message: `${target} should be provided.`, target }];
  return isUuid(id) ? [] : [invalidValue(target)];
}

/** While a run goes on, its tasks can begin again. */
function endedTasks(run: RunRow): Pick<EndedTask, "run" | "job" | "task">[] {
  if (run.state !== "Completed") return [];
  const tasks = run.jobs.flatMap((job) => job.tasks.map((task) => ({ run, job, task })));
  return tasks.filter(({ task }) => task.state === "Completed");
}

function presentEntry(
  { run, task }: Pick<EndedTask, "run" | "task">,
  { origin, signer }: { origin: string; signer: UrlSigner },
): schemas.ReportEntry {
  const id = toLongId(run.id, task.id);
  return {
    id,
    imodelId: run.imodel_id,
    runId: run.id,
    taskId: task.id,
    sasUri: `${origin}${path}/${id}?${signer.signedQuery({ key: id, action: "report" })}`,
    createdTimeStamp: endOf(task).replace(/\.\d+Z$/, "Z"),
  };
}

function readDiagnosticReport(server: Server, { context: { signer }, store, runs }: SynchronizationParts): void {
  const schema = {
    operationId: "readDiagnosticReport",
    summary: "A diagnostic report, at its signed address",
    tags,
    params: schemas.DiagnosticReportParams,
    querystring: schemas.ReportUrlQuery,
    response: { 200: schemas.DiagnosticReportAnswer, ...errorAnswers(403, 404, 422, 429) },
  };
  const options = { config: { isOpen: true }, schema };
  server.get(`${path}/:reportId`, options, async ({ params: { reportId }, query }) => {
    const { expires = "", signature = "" } = query;
    if (!signer.isValid({ key: reportId, action: "report" }, expires, signature)) throw forbidden();
    const ended = await findTask(store, reportId);
    if (ended === undefined) throw notFound("DiagnosticReport"); // the run is gone
    const reports = await runs.reports(ended.run.id);
    return presentDiagnosticReport(ended, reports.get(ended.task.id) as ConnectorReport | undefined);
  });
}

async function findTask(store: SynchronizationParts["store"], reportId: string): Promise<EndedTask | undefined> {
  const ids = fromLongId(reportId);
  const run = ids && (await store.findAnyRun(ids.ownerId));
  const connection = run && (await store.find(run.connection_id));
  if (run === undefined || connection === undefined) return undefined;
  const found = endedTasks(run).find(({ task }) => task.id === ids?.itemId);
  return found && { ...found, connection };
}
