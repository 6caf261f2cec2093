import type { ExecutionResult, Run, Task } from "./api/types.js";

/** What came of a run that was asked for. */
export interface RunOutcome {
  runUrl: string;
  /** False where the run is one that the iModel had already. */
  isNewRun: boolean;
  /** `Undetermined` where the end of the run was not waited for. */
  result: ExecutionResult;
  files: FileOutcome[];
  /** The run as it was last seen. */
  run?: Run;
}

/** What came of a file or a document. */
export interface FileOutcome {
  /** Its name in the Storage or in the manifest. */
  name: string;
  connectorType: string;
  /** `Undetermined` while the run goes on, and where it has not come to the file. */
  result: ExecutionResult;
  /** What was done, in a few words. */
  message?: string;
  /** Why it failed. */
  error?: TaskFailure;
}

/** Why a task failed, and what to do. */
export interface TaskFailure {
  /** Such as `csv/ragged-row`, or the code of a connector of the platform. */
  code?: string;
  message?: string;
  /** Where in the file, and more. */
  details?: string;
  /** What the user can do. */
  advice?: string;
}

/** A file as a run knows it. */
export interface RunFile {
  name: string;
  connectorType: string;
  /** The id of the file in the Storage, or of the document in the manifest. */
  id: string;
}

/** What a run did with each of these files. */
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
