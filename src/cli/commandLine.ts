import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Argv } from "yargs";
import { normalizeArguments } from "../run/jobArguments.js";
import { refuseOtherThanBoolean } from "../run/parseFlags.js";
import { addBank } from "./bank/bankCommand.js";
import { addChanges } from "./changesCommand.js";
import type { AddCommand, CommandLine } from "./defineCommand.js";
import { addDiff } from "./diffCommand.js";
import { addExport } from "./export/exportCommand.js";
import { addPicture } from "./pictureCommand.js";
import { addView } from "./viewCommand.js";
import { ExitCode } from "./exitCodes.js";
import { epilogue } from "./helpText.js";
import { addInit } from "./initCommand.js";
import { issuesFlag } from "./IssuesFile.js";
import { readStrictly, withJobFlags } from "./jobOptions.js";
import { outputFlags } from "./outputFlags.js";
import { addFollow } from "./populate/followCommand.js";
import { addManifest } from "./populate/manifestCommand.js";
import { addPopulate } from "./populate/populateCommand.js";
import { writeFailure } from "./report.js";
import { reportFlag } from "./RunReport.js";
import { runJob } from "./runJob.js";
import { addServe, addWork } from "./serveCommands.js";
import { addVerify } from "./verifyCommand.js";

// The ES module of yargs 17 breaks the lines of the help within words. Its CommonJS build breaks them between words.
const yargs = createRequire(import.meta.url)("yargs/yargs") as (args: readonly string[]) => Argv;

/** The command without a name: runs a job. */
const addJob: AddCommand = (parser, { args, finish }) =>
  parser.command(
    "$0",
    false,
    (command) => {
      refuseOtherThanBoolean(args, outputFlags);
      return withJobFlags(command).options(outputFlags).options(reportFlag).options(issuesFlag);
    },
    async (parsed) => finish(await runJob(parsed)),
  );

/** In the order of the help. */
const commands: readonly AddCommand[] = [
  addJob,
  addDiff,
  addExport,
  addView,
  addPicture,
  addVerify,
  addInit,
  addChanges,
  addServe,
  addWork,
  addPopulate,
  addFollow,
  addManifest,
  addBank,
];

/**
 * Executes a command line.
 * @param args - without the name of the program
 * @returns the exit code
 */
export async function runCommandLine(args: string[]): Promise<ExitCode> {
  let exitCode = ExitCode.Done;
  const isInit = args[0] === "init"; // @me/site-survey is a name there, not a file of arguments
  let current = args;
  try {
    if (!isInit) current = normalizeArguments(args);
    await buildParser({ args: current, finish: (code) => (exitCode = code) }).parseAsync(current);
    return exitCode;
  } catch (error) {
    const has = (flag: string) => current.includes(flag) || current.includes(`${flag}=true`);
    writeFailure(error, { json: has("--json"), verbose: has("--verbose") });
    return ExitCode.WrongUsage;
  }
}

function buildParser(line: CommandLine): Argv {
  const parser = readStrictly(yargs([]))
    .scriptName("connector-runner")
    .usage("$0 [options]\n\nSynchronizes an iModel with a source: only changes are written.");
  return commands
    .reduce((result, add) => add(result, line), parser)
    .epilogue(epilogue)
    .version(packageVersion())
    .wrap(helpWidth());
}

/** In columns. Output that is not a terminal gets the width of a usual terminal. */
function helpWidth(): number {
  return process.stdout.isTTY ? Math.min(100, process.stdout.columns) : 80;
}

function packageVersion(): string {
  const manifest = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
