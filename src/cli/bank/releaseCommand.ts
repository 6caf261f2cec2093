import type { Argv } from "yargs";
import { IModelBank } from "../../bank/IModelBank.js";
import { bankPositional, iModelPositional, outputOptions, type BankedIModelFlags } from "./bankFlags.js";
import type { BankReport } from "./bankReport.js";
import { counted } from "../../counted.js";
import { defineBankCommand } from "./defineBankCommand.js";

interface ReleaseFlags extends BankedIModelFlags {
  briefcase: number;
}

/** `connector-runner bank release`. */
export const addRelease = defineBankCommand({
  command: "release <bank> <imodel> <briefcase>",
  describe: "Release the briefcase of a crashed run, and its locks",
  builder: (parser: Argv) =>
    parser
      .positional("bank", bankPositional)
      .positional("imodel", iModelPositional)
      .positional("briefcase", { type: "number", demandOption: true, describe: "Id of the briefcase" })
      .options(outputOptions),
  work: releaseBriefcase,
});

function releaseBriefcase({ bank: url, imodel: idOrName, briefcase }: ReleaseFlags): BankReport {
  const bank = IModelBank.open(url);
  const { id } = bank.find(idOrName);
  const locks = bank.locks(id, briefcase).length;
  bank.releaseBriefcase(id, briefcase);
  const lines = [
    `Released briefcase ${briefcase} and ${counted(locks, "lock")}. Changes that it did not push are lost.`,
  ];
  return { value: { briefcase, locks }, lines };
}
