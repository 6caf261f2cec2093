import type { ExecutionResult } from "../../client/api/types.js";
import type { FileOutcome } from "../../client/populate/outcomes.js";
import type { PopulateProgress } from "../../client/populate/populate.js";
import type { ExitCode } from "../exitCodes.js";
import { writeAsJson, type OutputFlags } from "../report.js";
import { exitCodeOf, finalStatus } from "./runText.js";
import type { ServiceFlags } from "./serviceFlags.js";
import { startView } from "./showProgress.js";
import type { ServiceSession } from "./withService.js";

/** What the commands end with that wait for a run. */
export const runCodes =
  "Exit codes: 0 Success, or with --no-wait the run was asked for; 1 it failed before the end of the run;\n" +
  "2 wrong usage; 3 PartialSuccess; 4 Error; 5 Skipped; 6 Cancelled; 7 TimedOut; 130 Ctrl-C.";

/** What came of a run, as far as it is printed. */
export interface RunOutcome {
  runUrl: string;
  isNewRun: boolean;
  result: ExecutionResult;
  files: FileOutcome[];
}

/** Shows progress, and sees to it that Ctrl-C tells of the run. */
export function watchRun(session: ServiceSession, flags: ServiceFlags) {
  const view = startView(process.stderr, flags.quiet === true || flags.json === true);
  const show = (progress: PopulateProgress) => {
    if (progress.step === "run") session.onInterrupt(describeGoingOn(progress.url, flags));
    view.show(progress);
  };
  let isOver = false;
  const stop = () => {
    if (!isOver) view.stop();
    isOver = true;
  };
  return { show, stop };
}

/** Prints what came of a run. @returns the exit code that says the same */
export function reportRun(outcome: RunOutcome, flags: ServiceFlags & OutputFlags): ExitCode {
  if (flags.json) writeAsJson(outcome);
  else process.stdout.write(`${textOf(outcome, flags)}\n`);
  return exitCodeOf(outcome.result);
}

function textOf({ result, files, runUrl, isNewRun }: RunOutcome, flags: ServiceFlags): string {
  if (result !== "Undetermined") return finalStatus(result, files, runUrl);
  const what = isNewRun ? "The run has been started" : "The iModel has an active run; ask again when it is over";
  return `${what}: ${runUrl}\nFollow it: ${followLine(runUrl, flags)}`;
}

function describeGoingOn(runUrl: string, flags: ServiceFlags): string {
  return `The run goes on. Look at it again: ${followLine(runUrl, flags)}`;
}

/** A service that was started for one command goes on with its runs when it is started again. */
function followLine(runUrl: string, { local, data, config }: ServiceFlags): string {
  if (!local) return `connector-runner follow ${runUrl}`;
  const more = Object.entries({ data, config }).flatMap(([name, value]) => (value ? [`--${name} ${value}`] : []));
  return ["connector-runner follow --local", ...more, runUrl].join(" ");
}
