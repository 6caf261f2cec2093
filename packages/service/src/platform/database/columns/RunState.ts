import type { SourceLocation } from "itwin-connector-framework";

/** Where a run, a job or a task is. It is over exactly when it is `Completed`. */
export const executionStates = [
  "NotStarted",
  "Idle",
  "Queued",
  "WaitingToExecute",
  "Executing",
  "WaitingToRetry",
  "Finalizing",
  "Completed",
] as const;

/** What a run, a job or a task came to; `Undetermined` until it is over. */
export const executionResults = [
  "Undetermined",
  "Success",
  "PartialSuccess",
  "Error",
  "Skipped",
  "Cancelled",
  "TimedOut",
] as const;

/** Which files a run is busy with: those that were named, or those that they refer to. */
export const runPhaseNames = ["Preprocessor", "MasterFile", "ReferenceFile"] as const;

export type ExecutionState = (typeof executionStates)[number];
export type ExecutionResult = (typeof executionResults)[number];
export type RunPhaseName = (typeof runPhaseNames)[number];

/** Why a run failed as a whole, in two fields. */
export interface RunError {
  errorKey: string;
  description: string;
}

/** Why a task failed. The names are the platform's. */
export interface TaskError {
  /** The code of the `ConnectorError`, such as `csv/ragged-row`. */
  errorCode: string;
  message: string;
  /** Where in the source the problem lies, and what to do. */
  details?: string;
  /** The exit code of the process that ran the connector, where it died. */
  bridgeExitCode?: number;
  system: string;
  /** The phase of the run of the connector. */
  phase?: string;
  category: string;
  descriptionKey: string;
  description: string;
  kbArticleLink: string;
  canUserFix: boolean;
}

/** Why a task failed, as its diagnostic report says it. */
export interface TaskFault {
  code: string;
  message: string;
  /** What to do. */
  advice?: string;
  /** Where in the source the problem lies. */
  source?: SourceLocation;
}

/** A task in a few words. The counts are those of its diagnostic report. */
export interface SynchronizationReport {
  suggestedAction?: string;
  message: string;
  totalErrorsCount: number;
  totalWarningsCount: number;
  totalOtherIssuesCount: number;
}

/** How far a task is, while it executes. */
export interface TaskProgress {
  /** The phase of the run of the connector, such as `data`. */
  phase: string;
  /** Entities of the source that were looked at. */
  items: number;
  done?: number;
  total?: number;
}

/** The synchronization of one source file. Times are ISO 8601. */
export interface RunTask {
  id: string;
  state: ExecutionState;
  result: ExecutionResult;
  startDateTime?: string;
  endDateTime?: string;
  retryAttempts: number;
  /** The id of the file in the storage (a UUID), for a storage connection. */
  storageFileId?: string;
  /** The caller's id of the document, for a manifest connection. */
  sourceFileId?: string;
  /** The name of the file when the run was created. */
  fileName?: string;
  phase: RunPhaseName;
  error?: TaskError;
  /** The error again, in the parts that its diagnostic report needs. */
  fault?: TaskFault;
  report?: SynchronizationReport;
  progress?: TaskProgress;
}

/** The tasks of one connector type. */
export interface RunJob {
  id: string;
  connectorType: string;
  state: ExecutionState;
  result: ExecutionResult;
  startDateTime?: string;
  endDateTime?: string;
  tasks: RunTask[];
}

/** What several results come to: all the same is that, `Skipped` ones aside; a mixture is a `PartialSuccess`. */
export function rollUp(results: ExecutionResult[]): ExecutionResult {
  const decisive = results.filter((result) => result !== "Skipped");
  const [first = "Skipped", ...others] = decisive;
  if (others.every((result) => result === first)) return first;
  if (decisive.includes("Undetermined")) return "Undetermined";
  if (decisive.includes("Cancelled")) return "Cancelled";
  return decisive.includes("Success") || decisive.includes("PartialSuccess") ? "PartialSuccess" : "Error";
}
