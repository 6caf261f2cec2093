import { Logger, LogLevel } from "@itwin/core-bentley";
import { ConnectorError } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { ConnectorRunner } from "../run/ConnectorRunner.js";
import { toJobArguments } from "../run/jobArguments.js";
import { exitCodeFor, type ExitCode } from "./exitCodes.js";
import { IssuesFile } from "./IssuesFile.js";
import { exitCodeOf, interruptible, type InterruptSignal } from "./interruption.js";
import { guardProcess } from "../run/guardProcess.js";
import type { RunResult } from "../run/RunResult.js";
import type { WrittenReport } from "itwin-connector-viewer";
import { RunReport, type ReportOutcome } from "./RunReport.js";
import { startProgress } from "./progress.js";
import type { OutputFlags, ReportOptions } from "./outputFlags.js";
import { writeError, writeJson, writePlaceOfReport, writeReport } from "./report.js";

/** How much of a run is shown, as parsed flags. */
interface JobFlags extends OutputFlags {
  quiet?: boolean;
  /** Path of the report to write. */
  report?: string;
  /** Path of the file of issues to write. */
  issues?: string;
}

/**
 * Runs the job that parsed flags describe, and shows how it goes: progress on stderr, the result on stdout.
 * @returns the exit code
 */
export async function runJob(parsed: Record<string, unknown>): Promise<ExitCode> {
  const flags: JobFlags = parsed;
  if (flags.verbose) logToStderr();
  const { jobDefArgs, serverArgs, options } = toJobArguments(parsed);
  const issues = flags.issues === undefined ? undefined : await IssuesFile.prepare(flags.issues);
  const report = flags.report === undefined ? undefined : await RunReport.prepare(flags.report, jobDefArgs);
  const runner = new ConnectorRunner(jobDefArgs, serverArgs, options);
  report?.follow(runner);
  const interruption = await executeShown(runner, flags);
  const { result } = runner;
  const reported = await report?.write(result);
  const issuesError = await issues?.write(result, { jobDefArgs, serverArgs, options });
  show(result, flags, reported);
  showIssuesFile(issues, flags, issuesError);
  return exitCodeAfter(result.error ?? reported?.error ?? issuesError, interruption);
}

/** Runs the job, and shows its progress. The log names the phases too. */
async function executeShown(
  runner: ConnectorRunner,
  { quiet, json, verbose }: JobFlags,
): Promise<Interruption | undefined> {
  const showsProgress = !quiet && !json && !verbose;
  const stopProgress = showsProgress ? startProgress(runner.onProgress, process.stderr) : undefined;
  const interruption = await execute(runner);
  stopProgress?.();
  return interruption;
}

function exitCodeAfter(error: ConnectorError | undefined, interruption: Interruption | undefined): ExitCode {
  const isInterrupted = interruption !== undefined && error === interruption.error;
  return isInterrupted ? exitCodeOf(interruption.signal) : exitCodeFor(error);
}

/** A signal that ended a run, and the error that the run ended with. */
interface Interruption {
  signal: InterruptSignal;
  error: ConnectorError;
}

/**
 * Runs the job. A signal ends it and leaves nothing behind, unless its result is being written: then it is done.
 * @returns the signal that came, if any
 */
async function execute(runner: ConnectorRunner): Promise<Interruption | undefined> {
  let interruption: Interruption | undefined;
  const run = () =>
    guardProcess(
      () => runner.synchronize(),
      (error) => runner.abort(error),
    );
  await interruptible(run, (signal) => {
    interruption = { signal, error: new ConnectorError("run/interrupted", "The run was interrupted.") };
    runner.abort(interruption.error);
  });
  return interruption;
}

function show(result: RunResult, flags: JobFlags, report: ReportOutcome | undefined): void {
  const { json, quiet, verbose = false } = flags;
  if (json) writeJson(result, report?.written);
  else if (!quiet) showText(result, { verbose }, report?.written);
  for (const error of [result.error, report?.error]) if (error !== undefined) writeError(error, { verbose });
}

function showText(result: RunResult, options: ReportOptions, report: WrittenReport | undefined): void {
  if (result.error === undefined) writeReport(result, options);
  if (report !== undefined) writePlaceOfReport(report);
}

function showIssuesFile(
  file: IssuesFile | undefined,
  { json = false, quiet = false, verbose = false }: JobFlags,
  error: ConnectorError | undefined,
): void {
  if (error !== undefined) writeError(error, { verbose });
  else if (file !== undefined && !json && !quiet) process.stdout.write(`Issues: ${file.path}.\n`);
}

function logToStderr(): void {
  const write = (level: string) => (category: string, message: string) =>
    void process.stderr.write(`${level} ${category} ${message}\n`);
  Logger.initialize(write("error"), write("warning"), write("info"), write("trace"));
  Logger.setLevelDefault(LogLevel.Error);
  Logger.setLevel(ConnectorLoggerCategory.Framework, LogLevel.Info);
}
