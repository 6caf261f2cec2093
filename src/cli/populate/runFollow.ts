import { followRun, type Run, type RunFile, type ServiceClient } from "itwin-connector-client";
import { collect, inStep, outcomesOf, parseRunUrl } from "itwin-connector-client/internal";
import type { ExitCode } from "../exitCodes.js";
import { reportFailure } from "./reportFailure.js";
import { reportRun } from "./reportRun.js";
import type { ServiceFlags } from "./serviceFlags.js";
import { withService } from "./withService.js";

interface FollowFlags extends ServiceFlags {
  run: string;
}

/** Follows a run to its end, and prints its result. */
export async function runFollow(flags: FollowFlags): Promise<ExitCode> {
  const { run: url } = flags;
  return reportFailure(flags, async () => {
    const { connectionId } = parseRunUrl(url);
    return withService({ url, ...flags }, async (session) => {
      const { client, signal, onInterrupt } = session;
      onInterrupt("The run continues.");
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
  });
}

/** The files of a run with their names. The run itself has only their ids. */
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
