import type { Argv } from "yargs";
import type { ExitCode } from "../exitCodes.js";
import { onHost } from "../onHost.js";
import type { OutputFlags } from "../report.js";
import { writeBankReport, type BankReport } from "./BankReport.js";
import { describeIModel, listIModels, listLocks, listVersions } from "./readCommands.js";
import { verifyBank } from "./verifyBank.js";
import {
  checkOutVersion,
  create,
  exportHistory,
  nameVersion,
  releaseBriefcase,
  removeGarbage,
} from "./writeCommands.js";

/** What the commands on a bank take; each takes some of it. */
export interface BankFlags extends OutputFlags {
  bank: string;
  imodel?: string;
  name?: string;
  file?: string;
  folder?: string;
  briefcase?: number;
  version?: string;
  description?: string;
  seed?: string;
  /** In hours. */
  olderThan?: number;
}

/** A command on a bank. */
interface BankCommand {
  /** The name, and what must or may follow. */
  usage: string;
  describe: string;
  options?: (keyof typeof options)[];
  run: (flags: BankFlags) => BankReport | Promise<BankReport>;
}

/** Carries out a command with its parsed flags. */
type Finish = (
  run: (parsed: Record<string, unknown>) => Promise<ExitCode>,
) => (parsed: Record<string, unknown>) => Promise<void>;

const options = {
  version: { type: "string", requiresArg: true, describe: "Index, name or changeset id; the latest unless given" },
  description: { type: "string", requiresArg: true, describe: "What the iModel is" },
  seed: { type: "string", requiresArg: true, describe: "An iModel that becomes version 0; an empty one unless given" },
  olderThan: { type: "number", requiresArg: true, default: 24, describe: "How old a file must be, in hours" },
} as const;

const positionals = {
  bank: { type: "string", describe: "The folder of the bank: path or file: URL" },
  imodel: { type: "string", describe: "The iModel: name or id" },
  name: { type: "string", describe: "What the version shall be called" },
  file: { type: "string", describe: "The path of the snapshot" },
  folder: { type: "string", describe: "The folder of the other bank: path or file: URL" },
  briefcase: { type: "number", describe: "The briefcase, by its id" },
} as const;

const commands: BankCommand[] = [
  {
    usage: "create <bank> [imodel]",
    describe: "Make a bank, an iModel in it, or both",
    options: ["description", "seed"],
    run: create,
  },
  { usage: "list <bank>", describe: "List the iModels", run: listIModels },
  { usage: "info <bank> <imodel>", describe: "Tell what there is to know about an iModel", run: describeIModel },
  { usage: "versions <bank> <imodel>", describe: "List the versions, with their descriptions", run: listVersions },
  { usage: "name <bank> <imodel> <name>", describe: "Name a version", options: ["version"], run: nameVersion },
  {
    usage: "checkout <bank> <imodel> <file>",
    describe: "Write a version to a snapshot",
    options: ["version"],
    run: checkOutVersion,
  },
  {
    usage: "export <bank> <imodel> <folder>",
    describe: "Copy an iModel with its history into another bank, made if it is missing",
    run: exportHistory,
  },
  { usage: "verify <bank> [imodel]", describe: "Check all files, and that all changesets apply", run: verifyBank },
  {
    usage: "gc <bank>",
    describe: "Remove files that processes which died have left",
    options: ["olderThan"],
    run: removeGarbage,
  },
  { usage: "locks <bank> <imodel>", describe: "List the briefcases that hold locks", run: listLocks },
  {
    usage: "release <bank> <imodel> <briefcase>",
    describe: "Take a briefcase out of use whose run has died, with its locks",
    run: releaseBriefcase,
  },
];

/** The commands on banks. */
export const bankCommand = "bank <command>";

/** Adds the commands on banks to the parser of a command line. */
export function withBankCommands(parser: Argv, finish: Finish): Argv {
  parser = parser.version(false); // bank commands take a --version of their own
  for (const { usage, describe, options: names = [], run } of commands)
    parser = parser.command(
      usage,
      describe,
      (command) => withFlags(command.version(false), usage, names),
      finish((parsed) => runBank(run, parsed as unknown as BankFlags)),
    );
  return parser
    .usage("$0 bank COMMAND\n\nKeeps versioned iModels in a folder.")
    .demandCommand(1, 1, "Name a command.")
    .epilogue("Exit codes: 0 done; 1 it failed, or verify has found something; 2 wrong usage.");
}

function withFlags(command: Argv, usage: string, names: readonly (keyof typeof options)[]): Argv {
  for (const [name, positional] of Object.entries(positionals))
    if (new RegExp(`[<[]${name}[>\\]]`).test(usage)) command = command.positional(name, positional);
  return command
    .options(Object.fromEntries(names.map((name) => [name, options[name]])))
    .option("json", { type: "boolean", describe: "Print the result as JSON" })
    .option("verbose", { type: "boolean", describe: "Print the stack of an error" });
}

async function runBank(run: BankCommand["run"], flags: BankFlags): Promise<ExitCode> {
  return onHost(flags, "bank/failed", async () => writeBankReport(await run(flags), flags.json ?? false));
}
