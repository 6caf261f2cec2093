import { spawn, type SpawnOptions } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command line program. */
export const commandLine = fileURLToPath(new URL("../../lib/cli/main.js", import.meta.url));

/** The connector of the README. */
export const treeConnector = fileURLToPath(new URL("../../docs/examples/tree-connector.js", import.meta.url));

/** How a program ended, and what it printed. */
export interface Outcome {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
export async function execute(program: string, args: string[], options: SpawnOptions = {}): Promise<Outcome> {
  const child = spawn(program, args, { ...options, stdio: "pipe" });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, ...output }));
  });
}

/** Runs `connector-runner`. */
export async function connectorRunner(args: string[], options: SpawnOptions = {}): Promise<Outcome> {
  return execute(process.execPath, [commandLine, ...args], options);
}
