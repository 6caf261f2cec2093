import type { Argv } from "yargs";
import { defineCommand } from "../defineCommand.js";
import { loadWithClient } from "../optionalPackages.js";
import { runCodes, serviceFlags } from "./serviceFlags.js";

/** `connector-runner follow`. */
export const addFollow = defineCommand({
  command: "follow <run>",
  describe: "Follow a run of a service to its end",
  builder: (parser: Argv) =>
    parser
      .usage("$0 follow RUN_URL [options]\n\nFollows a run of a service to its end, and prints its final status.")
      .positional("run", { type: "string", demandOption: true, describe: "URL of the run" })
      .options(serviceFlags)
      .epilogue(runCodes),
  run: async (flags) => {
    const { runFollow } = await loadWithClient(() => import("./runFollow.js"));
    return runFollow(flags);
  },
});
