import { populate, type ConnectionOptions, type PopulateFile } from "itwin-connector-client";
import { checkFiles } from "itwin-connector-client/internal";
import { openFile } from "itwin-connector-client/node";
import { ConnectorError } from "../../ConnectorError.js";
import { checkRunLimits } from "../../run/checkArguments.js";
import type { ExitCode } from "../exitCodes.js";
import { reportFailure } from "./reportFailure.js";
import { reportRun } from "./reportRun.js";
import type { ServiceFlags } from "./serviceFlags.js";
import { findIModel } from "./targetIModel.js";
import { withService } from "./withService.js";

interface PopulateFlags extends ServiceFlags, Omit<ConnectionOptions, "schemaContract"> {
  files: string[];
  connectorType?: string[];
  itwin?: string;
  imodel?: string;
  schemaContract?: string;
}

/** Imports files into an iModel, and prints the result of each. */
export async function runPopulate(flags: PopulateFlags): Promise<ExitCode> {
  const { wait } = flags;
  return reportFailure(flags, async () => {
    const runOptions = readRunOptions(flags);
    const files = await openFiles(flags);
    checkFiles(files); // before a service is started or an iModel is created for them
    return withService(flags, async (session) =>
      reportRun(session, flags, async (onProgress) => {
        const { client, signal } = session;
        const target = await findIModel(session, flags);
        return populate({ client, ...target, files, runOptions, wait, signal, onProgress });
      }),
    );
  });
}

/** @throws ConnectorError `usage/max-deletions`, `usage/schema-contract` */
function readRunOptions({ strict, maxDeletions, schemaContract }: PopulateFlags): ConnectionOptions {
  const given = { strict, maxDeletions, schemaContract } as ConnectionOptions;
  checkRunLimits(given);
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function openFiles({ files, connectorType: types = [] }: PopulateFlags): Promise<PopulateFile[]> {
  if (types.length > 1 && types.length !== files.length)
    throw new ConnectorError(
      "usage/connector-types",
      `There are ${types.length} connector types for ${files.length} ${files.length === 1 ? "file" : "files"}.`,
      { phase: "arguments", advice: "Give one type for all files, or one type for each file, in the same order." },
    );
  return Promise.all(
    files.map(async (path, index) => ({
      file: await openFile(path),
      connectorType: types.length > 1 ? types[index] : types[0],
    })),
  );
}
