import type { RunRow } from "../platform/database/tables.js";

/** The columns of a run that clients see something of. A manifest may be large, and is for the worker alone. */
export const shownColumns = [
  "runs.id",
  "runs.connection_id",
  "runs.imodel_id",
  "runs.state",
  "runs.result",
  "runs.phase",
  "runs.started_at",
  "runs.ended_at",
  "runs.error",
  "runs.jobs",
  "runs.updated_at",
] as const;

/** A run as far as clients see it. */
export type ShownRun = Pick<
  RunRow,
  | "id"
  | "connection_id"
  | "imodel_id"
  | "state"
  | "result"
  | "phase"
  | "started_at"
  | "ended_at"
  | "error"
  | "jobs"
  | "updated_at"
>;
