import type { ExecutionResult, Run, Task } from "./types.js";

/** The result of a run that was requested. */
export interface RunOutcome {
  /** The URL of the run. */
  runUrl: string;
  /** False if the iModel already had this run when it was requested. */
  isNewRun: boolean;
  /** The result of the run; `Undetermined` if you did not wait for its end. */
  result: ExecutionResult;
  /** The result of each file or document. */
  files: FileOutcome[];
  /** The run at its end. Absent if you did not wait for it. */
  run?: Run;
}

/** The result of a file or a document. */
export interface FileOutcome {
  /** Its name in the Storage or in the manifest. */
  name: string;
  /** The connector that reads it, such as `SHELLEDWCSV`. */
  connectorType: string;
  /** `Undetermined` if the run has not processed the file. */
  result: ExecutionResult;
  /** What was done, such as `2 new, 0 changed, 0 unchanged, 0 deleted.` */
  message?: string;
  /** Why it failed. Absent if it did not. */
  error?: TaskFailure;
}

/** Why a task failed, and what to do. */
export interface TaskFailure {
  /** A stable code, such as `csv/ragged-row`, or the code of a connector of the platform. */
  code?: string;
  /** What is wrong, in a sentence. */
  message?: string;
  /** Where in the file, and further details. */
  details?: string;
  /** What the user can do about it. */
  advice?: string;
}

/** A file or document of a run. */
export interface RunFile {
  /** Its name in the Storage or in the manifest. */
  name: string;
  /** The connector that reads it, such as `SHELLEDWCSV`. */
  connectorType: string;
  /** The id of the file in the Storage, or of the document in the manifest. */
  id: string;
}

/** The result of each file of a run. */
export function outcomesOf(files: readonly RunFile[], run?: Run): FileOutcome[] {
  const tasks = new Map(tasksOf(run).map((task) => [task.storageFileId ?? task.sourceFileId, task]));
  return files.map(({ name, connectorType, id }) => ({ name, connectorType, ...outcomeOf(tasks.get(id)) }));
}

/** The tasks of a run, of all its jobs. */
export function tasksOf(run: Run | undefined): Task[] {
  return run?.jobs?.flatMap(({ tasks }) => tasks) ?? [];
}

function outcomeOf(task: Task | undefined): Pick<FileOutcome, "result" | "message" | "error"> {
  if (task === undefined) return { result: "Undetermined" };
  const { result, error, details } = task;
  const report = details?.synchronizationReport;
  if (error === undefined) return { result, message: report?.message };
  const { errorCode: code, message, details: place, description } = error;
  return { result, error: { code, message, details: place, advice: report?.suggestedAction ?? description } };
}
