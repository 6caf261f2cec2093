import { runManifestFile as runFile } from "itwin-connector-client/node";
import type { ExitCode } from "../exitCodes.js";
import { reportFailure } from "./reportFailure.js";
import { reportRun } from "./reportRun.js";
import type { ServiceFlags } from "./serviceFlags.js";
import { withService } from "./withService.js";

interface ManifestFlags extends ServiceFlags {
  connection: string;
  manifest: string;
}

/** Runs a manifest connection, and prints the result of each document. */
export async function runManifestFile(flags: ManifestFlags): Promise<ExitCode> {
  const { connection: connectionId, manifest, wait } = flags;
  return reportFailure(flags, async () =>
    withService(flags, async (session) =>
      reportRun(session, flags, async (onProgress) => {
        const { client, signal } = session;
        return runFile({ client, connectionId, manifest, wait, signal, onProgress });
      }),
    ),
  );
}
