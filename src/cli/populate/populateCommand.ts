import type { Argv } from "yargs";
import { defineCommand } from "../defineCommand.js";
import { loadWithClient } from "../optionalPackages.js";
import { runCodes, serviceFlags, text, waitFlag } from "./serviceFlags.js";

const target = "The iModel:";

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
        ...serviceFlags,
        wait: waitFlag,
      })
      .example("$0 populate --local plant.csv", "Import into the iModel plant")
      .epilogue(
        "With --local, --imodel defaults to the name of the first file, and a missing\n" +
          `iModel is created. A file that was uploaded before is updated.\n\n${runCodes}`,
      ),
  run: async (flags) => {
    const { runPopulate } = await loadWithClient(() => import("./runPopulate.js"));
    return runPopulate(flags);
  },
});
