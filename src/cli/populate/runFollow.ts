import type { Argv } from "yargs";
import type { Run } from "itwin-connector-client";
import { followRun } from "itwin-connector-client";
import { inStep } from "itwin-connector-client/internal";
import { collect } from "itwin-connector-client/internal";
import { type RunFile } from "itwin-connector-client";
import { outcomesOf } from "itwin-connector-client/internal";
import { parseRunUrl } from "itwin-connector-client/internal";
import type { ServiceClient } from "itwin-connector-client";
import type { ExitCode } from "../exitCodes.js";
import { reportRun, runCodes } from "./reportRun.js";
import { serviceFlags, withSingleFlags, type ServiceFlags } from "./serviceFlags.js";
import { withService } from "./withService.js";

/** The command that looks at a run until it is over. */
export const followCommand = "follow <run>";

interface FollowFlags extends ServiceFlags {
  run: string;
}

/** Adds what the command takes to the parser of a command line. */
export function withFollowFlags(command: Argv): Argv {
  return command
    .usage("$0 follow RUN_URL\n\nLooks at a run until it is over, and prints its final status.")
    .positional("run", { type: "string", demandOption: true, describe: "The URL of the run" })
    .options(serviceFlags)
    .epilogue(runCodes);
}

/** Follows a run to its end, and prints what came of it. */
export async function runFollow(parsed: Record<string, unknown>): Promise<ExitCode> {
  const flags = withSingleFlags(parsed) as unknown as FollowFlags;
  const { run: url } = flags;
  const { connectionId } = parseRunUrl(url);
  return withService({ url, ...flags }, async (session) => {
    const { client, signal, onInterrupt } = session;
    onInterrupt("The run goes on.");
    const look = async () => inStep("looking for the run", async () => filesOf(client, url, signal));
    return reportRun(session, flags, async (onProgress) => {
      onProgress({ step: "files", connectionId, files: await look() });
      onProgress({ step: "run", url, isNew: false });
      const onRun = (seen: Run) => onProgress({ step: "wait", url, run: seen });
      const run = await followRun(client, url, { signal, onRun });
      // A run may get its tasks after it has begun.
      return { runUrl: url, isNewRun: false, result: run.result, files: outcomesOf(await look(), run), run };
    });
  });
}

/** The files of a run, with what they are called: it knows their ids only. */
async function filesOf(client: ServiceClient, url: string, signal: AbortSignal): Promise<RunFile[]> {
  const { segment, connectionId } = parseRunUrl(url);
  const connections = segment === "storageconnections" ? client.storageConnections : client.manifestConnections;
  const sourceFiles = await collect(connections.sourceFiles(connectionId, { signal }));
  const names = new Map(
    sourceFiles.map(({ storageFileId, sourceFileId = "", lastKnownFileName }) => [
      storageFileId ?? sourceFileId,
      lastKnownFileName,
    ]),
  );
  const { jobs = [] } = await client.getRun(url, { signal });
  return jobs.flatMap(({ connectorType, tasks }) =>
    tasks.map(({ storageFileId, sourceFileId = "" }) => {
      const id = storageFileId ?? sourceFileId;
      return { id, name: names.get(id) ?? id, connectorType };
    }),
  );
}
