import type { Argv } from "yargs";
import { runManifest } from "itwin-connector-client";
import type { ExitCode } from "../exitCodes.js";
import { reportRun, runCodes } from "./reportRun.js";
import { serviceFlags, waitFlag, withSingleFlags, type ServiceFlags } from "./serviceFlags.js";
import { withService } from "./withService.js";

/** The command that runs a manifest connection. */
export const manifestCommand = "manifest run <connection> <manifest>";

interface ManifestFlags extends ServiceFlags {
  connection: string;
  manifest: string;
}

/** Adds what the command takes to the parser of a command line. */
export function withManifestFlags(command: Argv): Argv {
  return command
    .usage("$0 manifest run --url URL CONNECTION MANIFEST.json\n\nRuns a manifest, and prints what came of it.")
    .positional("connection", { type: "string", demandOption: true, describe: "The id of the manifest connection" })
    .positional("manifest", { type: "string", demandOption: true, describe: "A JSON file with the manifest" })
    .options({ ...serviceFlags, wait: waitFlag })
    .epilogue(
      "URLs in the manifest that are paths of local files are served for the time of the run,\n" +
        `where the service is on this machine and allows 127.0.0.1 in its manifests.\n${runCodes}`,
    );
}

/** Runs a manifest, and prints what came of each document. */
export async function runManifestCommand(parsed: Record<string, unknown>): Promise<ExitCode> {
  const flags = withSingleFlags(parsed) as unknown as ManifestFlags;
  const { connection: connectionId, manifest, wait } = flags;
  return withService(flags, async (session) =>
    reportRun(session, flags, async (onProgress) => {
      const { client, signal } = session;
      return runManifest({ client, connectionId, manifest, wait, signal, onProgress });
    }),
  );
}
