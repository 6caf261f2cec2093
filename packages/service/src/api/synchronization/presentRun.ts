import type { RunJob, RunTask } from "../../platform/database/columns/RunState.js";
import type { ConnectionRow } from "../../platform/database/tables.js";
import { toLongId } from "../../platform/ids.js";
import type { ShownRun } from "../../runs/shownColumns.js";
import type { RunVersions } from "../../runs/RunStore.js";
import { connectionIdOf } from "./presentConnection.js";
import type { Run, RunReportAnswer } from "./runSchemas.js";

/** A run, as clients see it. */
export function presentRun(row: ShownRun, connection: ConnectionRow, isWhole: boolean): Run {
  const { id, state, result } = row;
  if (!isWhole) return { id, state, result };
  return {
    id,
    connectionId: connectionIdOf(connection),
    startDateTime: row.started_at.toISOString(),
    endDateTime: row.ended_at?.toISOString(),
    phase: row.phase,
    state,
    result,
    error: row.error ?? undefined,
    jobs: row.jobs.map((job) => presentJob(job, connection)),
  };
}

/** What each task of a run did in full, by the reports of the tasks, and the versions before and after. */
export function presentRunReport(
  { jobs }: ShownRun,
  reports: Map<string, object>,
  versions: RunVersions | undefined,
): RunReportAnswer {
  const tasks = jobs.flatMap((job) => job.tasks.map((task) => ({ ...task, connectorType: job.connectorType })));
  return {
    versions,
    tasks: tasks.map(({ id, fileName, connectorType, result, error }) => {
      return { id, fileName, connectorType, result, error, report: reports.get(id) };
    }),
  };
}

function presentJob({ tasks, ...job }: RunJob, { itwin_id: iTwinId }: ConnectionRow) {
  return { ...job, tasks: tasks.map((task) => presentTask(task, iTwinId)) };
}

function presentTask({ storageFileId, report, ...task }: RunTask, iTwinId: string) {
  return {
    ...task,
    storageFileId: storageFileId === undefined ? undefined : toLongId(iTwinId, storageFileId),
    details: report === undefined ? undefined : { synchronizationReport: report },
  };
}
