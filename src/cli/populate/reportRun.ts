import type { PopulateProgress, PopulateResult, RunOutcome } from "itwin-connector-client";
import type { ExitCode } from "../exitCodes.js";
import { writeAsJson } from "../report.js";
import { describeRunOptions, exitCodeOf, finalStatus } from "./runText.js";
import { defaultData, type ServiceFlags } from "./serviceFlags.js";
import { startView } from "./showProgress.js";
import type { ServiceSession } from "./withService.js";

/** The outcome of a run, with the options of its connection if they are known. */
type ReportedOutcome = RunOutcome & Partial<Pick<PopulateResult, "runOptions">>;

/**
 * Executes work that starts or follows a run: shows the progress, describes the run after Ctrl-C, and prints the result.
 * @returns the exit code of the result
 */
export async function reportRun(
  session: ServiceSession,
  flags: ServiceFlags,
  work: (onProgress: (progress: PopulateProgress) => void) => Promise<ReportedOutcome>,
): Promise<ExitCode> {
  const { local: isLocal, quiet, json } = flags;
  const view = startView(process.stderr, { isQuiet: quiet === true || json === true, isLocal });
  const onProgress = (progress: PopulateProgress) => {
    if (progress.step === "files") session.onInterrupt("A run may have been started. Repeat the command to follow it.");
    if (progress.step === "run") session.onInterrupt(farewell(progress.url, flags));
    view.show(progress);
  };
  const outcome = await work(onProgress).finally(() => view.stop());
  if (json) writeAsJson(outcome);
  else process.stdout.write(`${textOf(outcome, flags)}\n`);
  return exitCodeOf(outcome);
}

function textOf(outcome: ReportedOutcome, flags: ServiceFlags): string {
  const { result, runUrl, isNewRun, runOptions } = outcome;
  if (result !== "Undetermined")
    return [finalStatus(outcome, flags.local), ...describeRunOptions(runOptions), ...seeAlso(flags)].join("\n");
  const what = isNewRun ? "Started the run" : "Not started, because the iModel has an active run";
  return `${what}: ${runUrl}\nFollow it: ${followLine(runUrl, flags)}`;
}

/** How to see the iModel after a service that was started for one command has ended. */
function seeAlso({ local, data = defaultData }: ServiceFlags): string[] {
  return local ? [`The iModel is in ${data}. Look at it: connector-runner serve --data ${quoted(data)}`] : [];
}

function farewell(runUrl: string, flags: ServiceFlags): string {
  const what = flags.local ? "The service ends. It continues the run when it is started again" : "The run continues";
  return `${what}. Follow it: ${followLine(runUrl, flags)}`;
}

/** The command that follows a run, with the access to the service but without secrets. */
function followLine(runUrl: string, flags: ServiceFlags): string {
  const { local, data, config, credentials, issuer, clientId } = flags;
  const given = local ? { data, config } : { credentials, issuer, "client-id": clientId };
  const more = Object.entries(given).flatMap(([name, value]) => (value ? [`--${name} ${quoted(value)}`] : []));
  return ["connector-runner follow", ...(local ? ["--local"] : []), ...more, runUrl].join(" ");
}

function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
