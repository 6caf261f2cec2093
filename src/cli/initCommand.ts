import type { Argv } from "yargs";
import { relative } from "node:path";
import { defineCommand } from "./defineCommand.js";
import { ExitCode } from "./exitCodes.js";
import { createPackage, templateNames, type NewPackage } from "./init/createPackage.js";

/** `connector-runner init`. */
export const addInit = defineCommand({
  command: "init <name>",
  describe: "Create a connector package",
  builder: (parser: Argv) =>
    parser
      .usage("$0 init NAME [options]\n\nCreates a connector package that builds and passes its tests.")
      .positional("name", {
        type: "string",
        demandOption: true,
        describe: "Name of the package, such as site-survey or @me/site-survey",
      })
      .options({
        from: { choices: templateNames, default: "blank" as const, describe: "Source format of the template" },
        framework: {
          type: "string",
          requiresArg: true,
          describe:
            "Where npm finds this framework, such as file:../framework.tgz. Default: the file, repository or web address that package.json in this folder names; otherwise the version",
        },
      })
      .example("$0 init site-survey", "Read a small text format")
      .example("$0 init pump-list --from csv", "Read rows of CSV files")
      .epilogue("Exit codes: 0 done; 2 wrong usage."),
  run: init,
});

/** Writes a new package, and prints how to build and test it. */
async function init(flags: NewPackage): Promise<ExitCode> {
  const folder = relative(process.cwd(), createPackage(flags));
  process.stdout.write(`Created the connector package ${folder}. Build and test it:\n\n`);
  process.stdout.write(`  cd ${folder}\n  npm install\n  npm test\n`);
  return ExitCode.Done;
}
