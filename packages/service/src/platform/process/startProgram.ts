import { fork, type ChildProcess } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { logOutput } from "./logOutput.js";

/** How a program is started. */
export interface ProgramOptions {
  /** Its environment. */
  environment: NodeJS.ProcessEnv;
  /** What its heap may take, in megabytes. */
  megabytes: number;
  /** Gets what it prints. */
  log: Logger;
}

/**
 * The path of a program of this package.
 * @param url - of the module that starts it, which lies in the same folder and is built or source as well
 */
export function programBeside(url: string, name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(url)}`, url));
}

/** Starts a program in a process of its own, with which messages can be exchanged. It ignores debuggers of this process. */
export function startProgram(
  path: string,
  args: readonly string[],
  { environment, megabytes, log }: ProgramOptions,
): ChildProcess {
  const inherited = process.execArgv.filter((flag) => !flag.startsWith("--inspect"));
  const child = fork(path, args, {
    execArgv: [...inherited, `--max-old-space-size=${megabytes}`],
    env: environment,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  logOutput(child, log);
  return child;
}
