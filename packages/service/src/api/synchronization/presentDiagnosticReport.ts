import {
  makeDiagnosticReport,
  type DiagnosticReport,
  type ReportedFile,
  type ReportedReference,
} from "itwin-connector-framework";
import type { ManifestChild, ManifestSourceFile } from "../../platform/database/columns/Manifest.js";
import type { RunJob, RunTask, TaskError, TaskFault } from "../../platform/database/columns/RunState.js";
import type { ConnectionRow, RunRow } from "../../platform/database/tables.js";
import { toLongId } from "../../platform/ids.js";
import type { ConnectorReport } from "../../work/process/messages.js";
import { pathOf } from "../../work/sources/ManifestSources.js";

/** A task of a run that is over, with what leads to it. */
export interface EndedTask {
  connection: ConnectionRow;
  run: RunRow;
  job: RunJob;
  task: RunTask;
}

/**
 * The diagnostic report of a task.
 * @param report - what is kept of what its connector did; absent where the connector did not run
 */
export function presentDiagnosticReport(ended: EndedTask, report: ConnectorReport | undefined): DiagnosticReport {
  const { connection, run, job, task } = ended;
  const entry = entryOf(ended);
  return makeDiagnosticReport(
    { ...report, error: task.fault ?? faultOf(task.error) },
    {
      context: {
        operationType: entry?.action === "unmap" ? "UNMAP" : "NORMAL_UPDATE",
        jobid: job.id,
        contextid: connection.itwin_id,
        imodelid: run.imodel_id,
        activityid: run.id,
        timestamp: endOf(task),
      },
      file: fileOf(task, connection, entry?.file),
      dataSource: connection.kind === "storage" ? "Storage" : "Manifest",
      references: entry?.children.flatMap((child) => referenceOf(child, ended)),
    },
  );
}

/** When a task ended. */
export function endOf({ endDateTime }: RunTask): string {
  if (endDateTime === undefined) throw new Error("a task of a run that is over has no end");
  return endDateTime;
}

/** The entry of a manifest that a task is for. A reference file has none of its own. */
function entryOf({ run: { manifest }, task: { sourceFileId } }: EndedTask) {
  const files = manifest?.sourceFiles ?? [];
  const master = files.find(({ id }) => id === sourceFileId);
  if (master !== undefined) return { action: master.action, file: master, children: master.children };
  return files.flatMap(childrenOf).find(({ file }) => file.id === sourceFileId);
}

function childrenOf({ action, children }: ManifestSourceFile) {
  return children.map((file) => ({ action, file, children: [] as ManifestChild[] }));
}

function fileOf(
  task: RunTask,
  { itwin_id: iTwinId }: ConnectionRow,
  file?: Pick<ManifestChild, "name" | "relativePath">,
): ReportedFile {
  const { storageFileId, sourceFileId = "", fileName, error, result } = task;
  return {
    fileId: storageFileId === undefined ? sourceFileId : toLongId(iTwinId, storageFileId),
    fileName: file?.name ?? fileName ?? "",
    localPath: file && pathOf(file),
    fileExists: error?.phase !== "fetch",
    bimFileExists: result === "Success",
  };
}

/** What became of a reference file, which is a task of its own. */
function referenceOf(child: ManifestChild, { connection, run }: EndedTask): ReportedReference[] {
  const task = run.jobs.flatMap(({ tasks }) => tasks).find(({ sourceFileId }) => sourceFileId === child.id);
  if (task === undefined) return [];
  return [{ ...fileOf(task, connection, child), state: stateOf(task), failureReason: task.error?.message }];
}

function stateOf({ result, error }: RunTask): ReportedReference["state"] {
  if (result === "Success") return "Processed";
  return error?.phase === "fetch" ? "Missing" : "Failed";
}

/** Runs of earlier versions have kept the error in the platform's form only. */
function faultOf(error: TaskError | undefined): TaskFault | undefined {
  return error && { code: error.errorCode, message: error.message, advice: error.details };
}
