import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A process that runs a job on an iModel of a bank some times over. */
export interface PushWorkerArgs {
  /** The folder of the bank. */
  bank: string;
  cacheDirectory: string;
  /** The source, which gets another part for each run. */
  sourcePath: string;
  /** Tells the changesets of this process from others: each description begins with it and the number of the run. */
  name: string;
  /** The number of the first run. Default: 1. */
  first?: number;
  runs: number;
}

/** Starts a process of its own. @returns its exit code and what it printed, or the signal that killed it */
export async function runPushWorker(
  args: PushWorkerArgs,
  environment: NodeJS.ProcessEnv = {},
  preload: string[] = [],
): Promise<{ ended: number | string; output: string }> {
  const script = fileURLToPath(new URL("./pushWorker.ts", import.meta.url));
  const flags = [...process.execArgv, ...preload.map((path) => `--import=${path}`), script, JSON.stringify(args)];
  const child = spawn(process.execPath, flags, { env: { ...process.env, ...environment } });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ ended: code ?? signal ?? "", output }));
  });
}
