import type { Argv } from "yargs";
import { collectGarbage } from "../../bank/collectGarbage.js";
import { IModelBank } from "../../bank/IModelBank.js";
import { counted } from "../../counted.js";
import { bankPositional, outputOptions, type BankFlags } from "./bankFlags.js";
import type { BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

interface GcFlags extends BankFlags {
  /** In hours. */
  olderThan: number;
}

const millisecondsPerHour = 3_600_000;

/** `connector-runner bank gc`. */
export const addGc = defineBankCommand({
  command: "gc <bank>",
  describe: "Remove files that crashed processes left behind",
  builder: (parser: Argv) =>
    parser.positional("bank", bankPositional).options({
      olderThan: { type: "number", requiresArg: true, default: 24, describe: "Minimum age of a file, in hours" },
      ...outputOptions,
    }),
  work: removeGarbage,
});

async function removeGarbage({ bank: url, olderThan }: GcFlags): Promise<BankReport> {
  const removed = await collectGarbage(IModelBank.open(url), olderThan * millisecondsPerHour);
  return {
    value: { removed },
    lines: [...removed, `Removed ${counted(removed.length, "file or folder", "files and folders")}.`],
  };
}
