import type { RunOutcome } from "itwin-connector-client";
import type { PopulateProgress } from "itwin-connector-client";
import type { ExitCode } from "../exitCodes.js";
import { writeAsJson } from "../report.js";
import { exitCodeOf, finalStatus } from "./runText.js";
import { defaultData, type ServiceFlags } from "./serviceFlags.js";
import { startView } from "./showProgress.js";
import type { ServiceSession } from "./withService.js";

/** What the commands end with that wait for a run. */
export const runCodes =
  "Exit codes: 0 Success, or with --no-wait the run was asked for; 1 it failed before the end of the run;\n" +
  "2 wrong usage; 3 PartialSuccess; 4 Error; 5 Skipped; 6 Cancelled; 7 TimedOut;\n" +
  "8 with --no-wait, the iModel has another run; 130 Ctrl-C.";

/**
 * Carries out what asks for a run or follows one: shows its progress, lets Ctrl-C tell of the run, and prints what came of it.
 * @returns the exit code that says the same
 */
export async function reportRun(
  session: ServiceSession,
  flags: ServiceFlags,
  work: (onProgress: (progress: PopulateProgress) => void) => Promise<RunOutcome>,
): Promise<ExitCode> {
  const view = startView(process.stderr, flags.quiet === true || flags.json === true);
  const onProgress = (progress: PopulateProgress) => {
    if (progress.step === "files") session.onInterrupt("A run may have been started. The same command finds out.");
    if (progress.step === "run") session.onInterrupt(describeGoingOn(progress.url, flags));
    view.show(progress);
  };
  const outcome = await work(onProgress).finally(() => view.stop());
  if (flags.json) writeAsJson(outcome);
  else process.stdout.write(`${textOf(outcome, flags)}\n`);
  return exitCodeOf(outcome);
}

function textOf(outcome: RunOutcome, flags: ServiceFlags): string {
  const { result, runUrl, isNewRun } = outcome;
  if (result !== "Undetermined") return [finalStatus(outcome), ...seeAlso(flags)].join("\n");
  const what = isNewRun ? "The run has been started" : "The iModel has an active run; ask again when it is over";
  return `${what}: ${runUrl}\nFollow it: ${followLine(runUrl, flags)}`;
}

/** The URL of the run leads nowhere when a service that was started for one command is over. */
function seeAlso({ local, data = defaultData }: ServiceFlags): string[] {
  return local ? [`The iModel is in ${data}. Look at it: connector-runner serve --data ${quoted(data)}`] : [];
}

function describeGoingOn(runUrl: string, flags: ServiceFlags): string {
  // A service that was started for one command goes on with its runs when it is started again.
  const what = flags.local ? "The service ends; it goes on with the run when it is started again" : "The run goes on";
  return `${what}. Look at it again: ${followLine(runUrl, flags)}`;
}

/** The command that looks at a run, with what leads to the service; secrets it must be given anew. */
function followLine(runUrl: string, flags: ServiceFlags): string {
  const { local, data, config, credentials, issuer, clientId } = flags;
  const given = local ? { data, config } : { credentials, issuer, "client-id": clientId };
  const more = Object.entries(given).flatMap(([name, value]) => (value ? [`--${name} ${quoted(value)}`] : []));
  return ["connector-runner follow", ...(local ? ["--local"] : []), ...more, runUrl].join(" ");
}

function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
