import type { Argv } from "yargs";
import { defineCommand } from "../defineCommand.js";
import { loadWithClient } from "../optionalPackages.js";
import { boolean, runCodes, serviceFlags, text, waitFlag } from "./serviceFlags.js";

const target = "The iModel:";
const runs = "Runs of the connection:";

/** `connector-runner populate`. */
export const addPopulate = defineCommand({
  command: "populate <files..>",
  describe: "Upload files and import them into an iModel",
  builder: (parser: Argv) =>
    parser
      .usage("$0 populate --url URL --imodel ID FILE...\n\nUploads files and imports them into an iModel.")
      .parserConfiguration({ "duplicate-arguments-array": true, "greedy-arrays": false })
      .positional("files", { type: "string", array: true, demandOption: true, describe: "Files to import" })
      .options({
        itwin: text(target, "Id of the iTwin"),
        imodel: text(target, "Id or name of the iModel"),
        connectorType: {
          type: "string",
          array: true,
          requiresArg: true,
          group: target,
          describe: "Connector type: once for all files, or once per file (default: by file extension)",
        },
        maxDeletions: text(runs, "Most entities to delete from a file: 5%, a number, or none"),
        strict: boolean(runs, "Whether a file fails if something of it is not imported"),
        schemaContract: text(runs, "What may change about tables and columns: evolve, freeze, or report"),
        ...serviceFlags,
        wait: waitFlag,
      })
      .example("$0 populate --local plant.csv", "Import into the iModel plant")
      .epilogue(
        "With --local, --imodel defaults to the name of the first file, and a missing\n" +
          "iModel is created. A file that was uploaded before is updated. --max-deletions,\n" +
          `--strict and --schema-contract stay with the connection of the files.\n\n${runCodes}`,
      ),
  run: async (flags) => {
    const { runPopulate } = await loadWithClient(() => import("./runPopulate.js"));
    return runPopulate(flags);
  },
});
