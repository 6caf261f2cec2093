import type { Argv } from "yargs";
import { ConnectorError } from "../../ConnectorError.js";
import { type PopulateFile } from "itwin-connector-client";
import { checkFiles } from "itwin-connector-client/internal";
import { populate } from "itwin-connector-client";
import type { ExitCode } from "../exitCodes.js";
import { reportRun, runCodes } from "./reportRun.js";
import { serviceFlags, waitFlag, withSingleFlags, type ServiceFlags } from "./serviceFlags.js";
import { findIModel } from "./targetIModel.js";
import { withService } from "./withService.js";

/** The command that leads from files to a synchronized iModel. */
export const populateCommand = "populate <files..>";

interface PopulateFlags extends ServiceFlags {
  files: string[];
  connectorType?: string[];
  itwin?: string;
  imodel?: string;
}

/** Adds what the command takes to the parser of a command line. */
export function withPopulateFlags(command: Argv): Argv {
  return command
    .usage("$0 populate --url URL --imodel ID FILE...\n\nUploads files and brings them into an iModel.")
    .parserConfiguration({ "duplicate-arguments-array": true, "greedy-arrays": false })
    .positional("files", { type: "string", array: true, demandOption: true, describe: "What to bring in" })
    .options({
      itwin: { type: "string", requiresArg: true, group: "What to do:", describe: "The id of the iTwin" },
      imodel: {
        type: "string",
        requiresArg: true,
        group: "What to do:",
        describe: "The id of the iModel, or its name",
      },
      connectorType: {
        type: "string",
        array: true,
        requiresArg: true,
        group: "What to do:",
        describe: "Which connector: once for all files, or once for each; by the extension without",
      },
      ...serviceFlags,
      wait: waitFlag,
    })
    .example("$0 populate --local plant.csv", "Bring a file into the iModel plant on this machine")
    .epilogue(
      "Without --imodel, --local takes the name of the first file, and makes the iModel.\n" +
        `A file that is there already gets new content.\n${runCodes}`,
    );
}

/** Brings files into an iModel, and prints what came of each. */
export async function runPopulate(parsed: Record<string, unknown>): Promise<ExitCode> {
  const flags = withSingleFlags(parsed) as unknown as PopulateFlags;
  const files = withTypes(flags);
  await checkFiles(files); // before a service is started or an iModel made for them
  const { wait } = flags;
  return withService(flags, async (session) =>
    reportRun(session, flags, async (onProgress) => {
      const { client, signal } = session;
      return populate({ client, ...(await findIModel(session, flags)), files, wait, signal, onProgress });
    }),
  );
}

function withTypes({ files, connectorType: types = [] }: PopulateFlags): PopulateFile[] {
  if (types.length > 1 && types.length !== files.length)
    throw new ConnectorError(
      "usage/connector-types",
      `There are ${types.length} connector types for ${files.length} ${files.length === 1 ? "file" : "files"}.`,
      { phase: "arguments", advice: "Give one type for all files, or one for each, in their order." },
    );
  return files.map((path, index) => ({ path, connectorType: types.length > 1 ? types[index] : types[0] }));
}
