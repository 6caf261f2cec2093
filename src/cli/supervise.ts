import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { ExitCode } from "./exitCodes.js";
import { interruptible, type InterruptSignal } from "./interruption.js";

/** A process that lived so long, in milliseconds, is started again at once. */
const longLife = 60_000;
/** In milliseconds: one that ends again and again is started after longer and longer pauses. */
const pauses = { first: 500, longest: 30_000 };

/** The exit codes that another start would only give again, or that somebody asked for. */
const final = new Map<number | null, ExitCode>(
  [ExitCode.Done, ExitCode.WrongUsage, ExitCode.Interrupted, ExitCode.Terminated].map((code) => [code, code]),
);

/**
 * Executes a command in a process of its own, and starts it again when it ends by an error or is killed.
 * @param args - the command line, without the flag that asks for this
 */
export async function supervise(args: readonly string[]): Promise<ExitCode> {
  const stopper = new AbortController();
  let child: ChildProcess | undefined;
  const isStopped = () => stopper.signal.aborted;
  const stop = (signal: InterruptSignal) => {
    stopper.abort();
    child?.kill(signal);
  };
  return interruptible<ExitCode>(async () => {
    for (let pause = pauses.first; ; pause = Math.min(pause * 2, pauses.longest)) {
      const begun = Date.now();
      child = start(args);
      const [exitCode, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
      const end = final.get(exitCode);
      if (end !== undefined) return end;
      if (isStopped()) return ExitCode.Done;
      if (Date.now() - begun > longLife) pause = pauses.first;
      process.stderr.write(`The process ended with ${signal ?? `exit code ${exitCode}`}. It is started again.\n`);
      await delay(pause, undefined, { signal: stopper.signal }).catch(() => {}); // the next line sees that it was stopped
      if (isStopped()) return ExitCode.Done;
    }
  }, stop);
}

/** In a group of its own: Ctrl-C is for this process, which passes it on. It ends when the channel to this process does. */
function start(args: readonly string[]): ChildProcess {
  const [, program = ""] = process.argv;
  return spawn(process.execPath, [...process.execArgv, program, ...args], {
    detached: true,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
}

/** Ends this process as SIGTERM does when the one that supervises it is gone. */
export function endWithSupervisor(): void {
  const { channel } = process;
  if (channel === undefined) return;
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  channel.unref();
}
