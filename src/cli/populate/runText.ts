import Table from "cli-table3";
import type {
  ConnectionOptions,
  ExecutionResult,
  FileOutcome,
  Run,
  RunFile,
  RunOutcome,
  TaskFailure,
} from "itwin-connector-client";
import { tasksOf } from "itwin-connector-client/internal";
import { ExitCode } from "../exitCodes.js";

/** The state of a run in one line: state, phase, number of completed tasks, and active files. */
export function describeRun(run: Run, files: readonly RunFile[]): string {
  const { state, phase } = run;
  const tasks = tasksOf(run);
  const done = tasks.filter((task) => task.state === "Completed").length;
  const names = new Map(files.map(({ id, name }) => [id, name]));
  const busy = tasks
    .filter((task) => task.state === "Executing" || task.state === "WaitingToRetry")
    .map(({ storageFileId, sourceFileId = "" }) => storageFileId ?? sourceFileId)
    .map((id) => names.get(id) ?? id);
  const parts = [state, phase, `${done} of ${tasks.length} done`, busy.join(", ")];
  return parts.filter(Boolean).join(", ");
}

/**
 * The final status: a line for each file, and the errors with advice.
 * @param isLocal - whether the service ends with the command; then the URL of the run leads nowhere
 */
export function finalStatus({ result, files, runUrl, run }: RunOutcome, isLocal = false): string {
  const table = new Table({ head: ["file", "connector", "result", ""], style: { head: [], border: [] } });
  for (const { name, connectorType, result: own, message, error } of files)
    table.push([name, connectorType, own, message ?? error?.code ?? ""]);
  const failure = run?.error === undefined ? [] : [`error [${run.error.errorKey}] ${run.error.description}`];
  return [table.toString(), ...files.flatMap(errorLines), ...failure, isLocal ? result : `${result}: ${runUrl}`].join(
    "\n",
  );
}

/** The options of the connection, which stay with it, in a line; no line if it has none. */
export function describeRunOptions(options: ConnectionOptions = {}): string[] {
  const parts = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? [] : [`Options of the connection: ${parts.join(", ")}`];
}

/** The exit code for the result of a run. A run that was started with `--no-wait` counts as done. */
export function exitCodeOf({ result, isNewRun }: RunOutcome): ExitCode {
  const codes: Record<ExecutionResult, ExitCode> = {
    Undetermined: isNewRun ? ExitCode.Done : ExitCode.Busy,
    Success: ExitCode.Done,
    PartialSuccess: ExitCode.PartialSuccess,
    Error: ExitCode.RunFailed,
    Skipped: ExitCode.Skipped,
    Cancelled: ExitCode.Cancelled,
    TimedOut: ExitCode.TimedOut,
  };
  return (codes as Partial<typeof codes>)[result] ?? ExitCode.RunFailed; // a service may have more results
}

function errorLines({ name, error }: FileOutcome): string[] {
  if (error === undefined) return [];
  const { code, message = "it failed", advice = message } = error;
  const lines = [`${name}: error${code ? ` [${code}]` : ""} ${placeOf(error)}${message}`];
  return advice === message ? lines : [...lines, `  ${advice}`];
}

/** The platform has one field for location and advice; a service of this framework writes both into it. */
function placeOf({ details = "", advice = "" }: TaskFailure): string {
  const place = details.endsWith(advice) ? details.slice(0, details.length - advice.length) : details;
  return place === "" ? "" : `${place.replace(/: $/, "")}: `;
}
