import { ExitCode } from "./exitCodes.js";

/** The signals that ask a command to end, with the exit codes that shells give them. */
const exitCodes = { SIGINT: ExitCode.Interrupted, SIGTERM: ExitCode.Terminated } as const;

/** A signal that asks a command to end: Ctrl-C, or the usual one of `kill`. */
export type InterruptSignal = keyof typeof exitCodes;

/** The exit code of a command that such a signal has ended. */
export function exitCodeOf(signal: InterruptSignal): ExitCode {
  return exitCodes[signal];
}

/**
 * Executes work that a signal can end. A second signal ends the process at once; what can be undone is undone then.
 * @param onSignal - ends the work at the first signal. Default: ends the process, with one line
 */
export async function interruptible<T>(
  work: () => Promise<T>,
  onSignal: (signal: InterruptSignal) => void = endProcess,
): Promise<T> {
  let isInterrupted = false;
  const listener = (signal: InterruptSignal) => {
    if (isInterrupted) process.exit(exitCodeOf(signal));
    isInterrupted = true;
    onSignal(signal);
  };
  const signals = Object.keys(exitCodes) as InterruptSignal[];
  for (const signal of signals) process.on(signal, listener);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, listener);
  }
}

function endProcess(signal: InterruptSignal): void {
  process.stderr.write("The command was interrupted.\n");
  process.exit(exitCodeOf(signal));
}
