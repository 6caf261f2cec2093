import { populate, type PopulateFile } from "itwin-connector-client";
import { checkFiles } from "itwin-connector-client/internal";
import { openFile } from "itwin-connector-client/node";
import { ConnectorError } from "../../ConnectorError.js";
import type { ExitCode } from "../exitCodes.js";
import { reportFailure } from "./reportFailure.js";
import { reportRun } from "./reportRun.js";
import type { ServiceFlags } from "./serviceFlags.js";
import { findIModel } from "./targetIModel.js";
import { withService } from "./withService.js";

interface PopulateFlags extends ServiceFlags {
  files: string[];
  connectorType?: string[];
  itwin?: string;
  imodel?: string;
}

/** Imports files into an iModel, and prints the result of each. */
export async function runPopulate(flags: PopulateFlags): Promise<ExitCode> {
  const { wait } = flags;
  return reportFailure(flags, async () => {
    const files = await openFiles(flags);
    checkFiles(files); // before a service is started or an iModel is created for them
    return withService(flags, async (session) =>
      reportRun(session, flags, async (onProgress) => {
        const { client, signal } = session;
        return populate({ client, ...(await findIModel(session, flags)), files, wait, signal, onProgress });
      }),
    );
  });
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
