import { ExitCode } from "./exitCodes.js";

/** The signals that ask a command to end, with the exit codes that shells give them. */
const exitCodes = { SIGINT: ExitCode.Interrupted, SIGTERM: ExitCode.Terminated } as const;

/** A signal that asks a command to end: Ctrl-C, or the usual one of `kill`. */
export type InterruptSignal = keyof typeof exitCodes;

/** The exit code of a command that such a signal has ended. */
export function exitCodeOf(signal: InterruptSignal): ExitCode {
  return exitCodes[signal];
}

/** What a signal does to the work that is going on. */
type Reaction = (signal: InterruptSignal) => void;

const signals = Object.keys(exitCodes) as InterruptSignal[];
/** Of works within each other, the innermost decides, which is the last one. */
const reactions: Reaction[] = [];
let isInterrupted = false;

/**
 * Executes work that a signal can end. A second signal ends the process at once; what can be undone is undone then.
 * @param react - ends the work at the first signal. Default: ends the process, with one line
 */
export async function interruptible<T>(work: () => Promise<T>, react: Reaction = endProcess): Promise<T> {
  if (reactions.length === 0) for (const signal of signals) process.on(signal, onSignal);
  reactions.push(react);
  try {
    return await work();
  } finally {
    reactions.pop();
    if (reactions.length === 0) for (const signal of signals) process.off(signal, onSignal);
  }
}

function onSignal(signal: InterruptSignal): void {
  if (isInterrupted) process.exit(exitCodeOf(signal));
  isInterrupted = true;
  reactions.at(-1)?.(signal);
}

function endProcess(signal: InterruptSignal): void {
  process.stderr.write("The command was interrupted.\n");
  process.exit(exitCodeOf(signal));
}
