import type { Static } from "typebox";
import type { ConnectionRow, RunRow, SourceFileRow } from "../../platform/database/tables.js";
import { toLongId } from "../../platform/ids.js";
import type { RunJob, RunTask } from "../../platform/database/columns/RunState.js";
import { basePath, kindOf } from "./kinds.js";
import type { Connection, Run, SourceFile } from "./connectionSchemas.js";

/** How a connection, a source file or a run is shown: whole, or in a list without much of it. */
export interface Shown {
  origin: string;
  isWhole: boolean;
}

type ShownConnection = Pick<ConnectionRow, "id" | "kind" | "imodel_id">;

/** The id of a connection as clients know it. */
export function connectionIdOf({ imodel_id: iModelId, id }: Pick<ConnectionRow, "id" | "imodel_id">): string {
  return toLongId(iModelId, id);
}

/** The URL of a connection. */
export function connectionUrl(origin: string, connection: ShownConnection): string {
  return `${origin}${basePath}/${kindOf(connection.kind).segment}/${connectionIdOf(connection)}`;
}

/** The URL of a run. */
export function runUrl(origin: string, connection: ShownConnection, runId: string): string {
  return `${connectionUrl(origin, connection)}/runs/${runId}`;
}

export function presentConnection(row: ConnectionRow, { origin, isWhole }: Shown): Static<typeof Connection> {
  const displayName = row.display_name ?? kindOf(row.kind).defaultName;
  if (!isWhole) return { id: connectionIdOf(row), displayName };
  const iTwin = { href: `${origin}/itwins/${row.itwin_id}` };
  return {
    id: connectionIdOf(row),
    displayName,
    iModelId: row.imodel_id,
    iTwinId: row.itwin_id,
    authenticationType: row.authentication_type,
    _links: {
      iModel: { href: `${origin}/imodels/${row.imodel_id}` },
      iTwin,
      project: iTwin, // its earlier name, which older clients read
      lastRun: row.last_run_id === null ? undefined : { href: runUrl(origin, row, row.last_run_id) },
    },
  };
}

export function presentSourceFile(
  row: SourceFileRow,
  { itwin_id: iTwinId }: ConnectionRow,
  { origin, isWhole }: Shown,
): Static<typeof SourceFile> {
  if (row.storage_file_id === null) return { id: row.id, sourceFileId: row.source_file_id ?? "" };
  const storageFileId = toLongId(iTwinId, row.storage_file_id);
  return {
    id: row.id,
    storageFileId,
    connectorType: isWhole ? (row.connector_type ?? undefined) : undefined,
    lastKnownFileName: row.last_known_file_name ?? undefined,
    _links: { file: { href: `${origin}/storage/files/${storageFileId}` } },
  };
}

export function presentRun(row: RunRow, connection: ConnectionRow, isWhole: boolean): Static<typeof Run> {
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
