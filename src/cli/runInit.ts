import { relative } from "node:path";
import type { Argv } from "yargs";
import { ExitCode } from "./exitCodes.js";
import { createPackage, templateNames, type NewPackage } from "./init/createPackage.js";

/** The command that begins a new connector. */
export const initCommand = "init <name>";

/** Adds what the command takes to the parser of a command line. */
export function withInitFlags(command: Argv): Argv {
  return command
    .usage("$0 init NAME [options]\n\nWrites a new connector package, which builds and passes its tests at once.")
    .positional("name", { type: "string", describe: "The name of the package, such as site-survey or @me/site-survey" })
    .options({
      from: { choices: templateNames, default: "blank", describe: "What the connector reads to begin with" },
      framework: {
        type: "string",
        requiresArg: true,
        describe:
          "Where npm finds this framework, such as file:../framework.tgz. Default: where the project in this folder has it from, if that is a file, a repository or a web address; else its version",
      },
    })
    .example("$0 init site-survey", "Begin with a small text format")
    .example("$0 init pump-list --from csv", "Begin with rows of CSV files")
    .epilogue("Exit codes: 0 done; 2 wrong usage.");
}

/** Writes the package that parsed flags describe, and prints what to do with it. */
export async function runInit(parsed: Record<string, unknown>): Promise<ExitCode> {
  const folder = relative(process.cwd(), createPackage(parsed as unknown as NewPackage));
  process.stdout.write(`Created the connector package ${folder}. Build and test it:\n\n`);
  process.stdout.write(`  cd ${folder}\n  npm install\n  npm test\n`);
  return ExitCode.Done;
}
