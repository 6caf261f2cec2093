import type { ConnectorError } from "../ConnectorError.js";

/** What `connector-runner` ends with. */
export enum ExitCode {
  Done = 0,
  /** The run failed, and the iModel is as it was; or two iModels were compared, and differ. */
  Failed = 1,
  /** The command line was not understood, or asks for what is not there. */
  WrongUsage = 2,
  /** A run of a service brought in some of the files. */
  PartialSuccess = 3,
  /** A run of a service brought in none of the files. */
  RunFailed = 4,
  /** A run of a service had nothing to do. */
  Skipped = 5,
  /** A run of a service was cancelled. */
  Cancelled = 6,
  /** A run of a service took too long. */
  TimedOut = 7,
  /** The iModel has another run, and was not to be waited for. */
  Busy = 8,
  /** Ctrl-C, as shells count it. */
  Interrupted = 130,
  /** SIGTERM, as shells count it. */
  Terminated = 143,
}

/** The exit code of a run that ended with this error, if any. */
export function exitCodeFor(error: ConnectorError | undefined): ExitCode {
  if (error === undefined) return ExitCode.Done;
  return error.code.startsWith("usage/") ? ExitCode.WrongUsage : ExitCode.Failed;
}
