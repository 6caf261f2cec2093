import type { Argv } from "yargs";
import { defineCommand } from "../defineCommand.js";
import { loadWithClient } from "../optionalPackages.js";
import { runCodes, serviceFlags, waitFlag } from "./serviceFlags.js";

/** `connector-runner manifest run`. */
export const addManifest = defineCommand({
  command: "manifest run <connection> <manifest>",
  describe: "Run a manifest connection",
  builder: (parser: Argv) =>
    parser
      .usage("$0 manifest run --url URL CONNECTION MANIFEST.json\n\nRuns a manifest connection.")
      .positional("connection", { type: "string", demandOption: true, describe: "Id of the manifest connection" })
      .positional("manifest", { type: "string", demandOption: true, describe: "JSON file with the manifest" })
      .options({ ...serviceFlags, wait: waitFlag })
      .epilogue(
        "A URL in the manifest can be the path of a local file, which is served during\n" +
          `the run. The service must be on this machine and allow 127.0.0.1 in manifests.\n\n${runCodes}`,
      ),
  run: async (flags) => {
    const { runManifestFile } = await loadWithClient(() => import("./runManifestFile.js"));
    return runManifestFile(flags);
  },
});
