import { readFileSync } from "node:fs";
import yargs, { type Options } from "yargs";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { normalizeArguments } from "../run/jobArguments.js";
import { refuseOtherThanBoolean } from "../run/parseFlags.js";
import { bankCommand, withBankCommands } from "./bank/runBank.js";
import { ExitCode } from "./exitCodes.js";
import { guardProcess } from "../run/guardProcess.js";
import { writeFailure } from "./report.js";
import { changesCommand, runChanges, withChangesFlags } from "./runChanges.js";
import { diffCommand, runDiff, withDiffFlags } from "./runDiff.js";
import { initCommand, runInit, withInitFlags } from "./runInit.js";
import { readStrictly, withJobFlags } from "./jobOptions.js";
import { runJob } from "./runJob.js";
import { followCommand, runFollow, withFollowFlags } from "./populate/runFollow.js";
import { manifestCommand, runManifestCommand, withManifestFlags } from "./populate/runManifestCommand.js";
import { populateCommand, runPopulate, withPopulateFlags } from "./populate/runPopulate.js";
import { runServe, runWork, serveCommand, withServeFlags, withWorkFlags, workCommand } from "./runServe.js";
import { runVerify, verifyCommand, withVerifyFlags } from "./runVerify.js";

/** As plain text, so that a line can be copied whole: yargs would break it into a column. */
const epilogue = `Examples:
  Bring data.csv into the snapshot out/data.bim:
    connector-runner --connectorModule x.js --sourcePath data.csv --outputDir out --isSnapshot
  Say what would change in it:
    connector-runner --connectorModule x.js --sourcePath data.csv --outputDir out --dry-run
  Give the connector arguments:
    connector-runner --connectorModule x.js --sourcePath data.csv --outputDir out --argsJson args.json
  Read the arguments from a file, one a line:
    connector-runner @job.txt
  Bring it into the versioned iModel Plant of a bank:
    connector-runner --connectorModule x.js --sourcePath data.csv --iModelBankUrl bank --iModelName Plant
  Say what the last run changed there:
    connector-runner changes bank Plant
  Say what differs between two iModels, ids and time stamps apart:
    connector-runner diff before.bim after.bim
  Check that a connector does what every connector must do:
    connector-runner verify --connectorModule x.js --sample sample
  Serve Storage and Synchronization, with the connectors that service.json names:
    connector-runner serve --data service --config service.json
  Bring a file into the iModel plant through a service that is started for it:
    connector-runner populate --local plant.csv
  Bring files into an iModel of a service, or of the iTwin Platform:
    connector-runner populate --url URL --imodel ID plant.csv valves.xlsx
  Begin a connector package of your own, in the folder site-survey:
    connector-runner init site-survey --from csv

Every flag can be written in kebab case too, such as --source-path. Of one that is given twice the last one counts.
Exit codes: 0 done; 1 the run failed and the iModel is as it was; 2 wrong usage.
Of diff: 0 nothing differs; 1 something differs; 2 they cannot be compared.
Of bank: 0 done; 1 it failed, or bank verify has found something; 2 wrong usage.
Of serve and work: 0 it was told to end; 1 it cannot run; 2 wrong usage.
Of populate, manifest run and follow: 0 Success; their --help lists the others.
Of verify: 0 no check failed; 1 a check failed; 2 they cannot be carried out.`;

const group = "What to show:";

const outputFlags: Record<string, Options> = {
  json: { type: "boolean", group, describe: "Print the result as JSON" },
  quiet: { type: "boolean", group, describe: "Print nothing but errors", conflicts: "verbose" },
  verbose: { type: "boolean", group, describe: "Print the log, each change, and the stack of an error" },
};

/** Carries out one command with its parsed flags. */
type Command<T = ExitCode> = (parsed: Record<string, unknown>) => Promise<T>;

/**
 * Carries out a command line.
 * @param args without the program's name
 * @returns the exit code
 */
export async function runCommandLine(args: string[]): Promise<ExitCode> {
  let exitCode = ExitCode.Done;
  const finish = (run: Command) => async (parsed: Record<string, unknown>) => void (exitCode = await run(parsed));
  const isInit = args[0] === "init"; // @me/site-survey is a name there, not a file of arguments
  let current = args;
  try {
    if (!isInit) current = normalizeArguments(args);
    refuseOtherThanBoolean(current, outputFlags);
    await buildParser(finish).parseAsync(current);
    return exitCode;
  } catch (error) {
    const has = (flag: string) => current.includes(flag) || current.includes(`${flag}=true`);
    writeFailure(error, { json: has("--json"), verbose: has("--verbose") });
    return ExitCode.WrongUsage;
  }
}

/** A command that ends even where the code that it runs does not let it end. */
function guarded(run: Command): Command {
  return async (parsed) =>
    new Promise((resolve, reject) => {
      guardProcess(
        () => run(parsed),
        (error) => reject(stray(error)),
      ).then(resolve, reject);
    });
}

function stray(error: unknown): ConnectorError {
  const advice = "Mend the code that is run, such as the connector; --verbose shows where it fails.";
  return new ConnectorError("usage/stray", `The command failed: ${messageOf(error)}`, { cause: error, advice });
}

function buildParser(finish: (run: Command) => Command<void>) {
  return readStrictly(yargs([]))
    .scriptName("connector-runner")
    .usage("$0 [options]\n\nBrings what changed in a source into an iModel.")
    .command("$0", false, (command) => withOutputFlags(withJobFlags(command)), finish(runJob))
    .command(diffCommand, "Compare two iModels by content", withDiffFlags, finish(guarded(runDiff)))
    .command(
      verifyCommand,
      "Check a connector with a sample of its sources",
      withVerifyFlags,
      finish(guarded(runVerify)),
    )
    .command(initCommand, "Begin a new connector package", withInitFlags, finish(runInit))
    .command(changesCommand, "Say what changed from one version to another", withChangesFlags, finish(runChanges))
    .command(serveCommand, "Serve Storage and Synchronization to clients", withServeFlags, finish(runServe))
    .command(workCommand, "Execute runs of a service that goes on elsewhere", withWorkFlags, finish(runWork))
    .command(populateCommand, "Upload files and bring them into an iModel", withPopulateFlags, finish(runPopulate))
    .command(followCommand, "Look at a run of a service until it is over", withFollowFlags, finish(runFollow))
    .command(manifestCommand, "Run a manifest connection", withManifestFlags, finish(runManifestCommand))
    .command(bankCommand, "Keep versioned iModels in a folder", (command) => withBankCommands(command, finish))
    .epilogue(epilogue)
    .version(packageVersion())
    .wrap(process.stdout.isTTY ? Math.min(100, process.stdout.columns) : 100);
}

function withOutputFlags(command: ReturnType<typeof withJobFlags>): ReturnType<typeof withJobFlags> {
  return command.options(outputFlags);
}

function packageVersion(): string {
  const manifest = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
