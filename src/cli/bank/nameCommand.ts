import type { Argv } from "yargs";
import { findVersion } from "../../bank/findVersion.js";
import { IModelBank } from "../../bank/IModelBank.js";
import { bankPositional, iModelPositional, outputOptions, versionOption, type BankedIModelFlags } from "./bankFlags.js";
import type { BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

interface NameFlags extends BankedIModelFlags {
  name: string;
  version?: string;
}

/** `connector-runner bank name`. */
export const addName = defineBankCommand({
  command: "name <bank> <imodel> <name>",
  describe: "Name a version",
  builder: (parser: Argv) =>
    parser
      .positional("bank", bankPositional)
      .positional("imodel", iModelPositional)
      .positional("name", { type: "string", demandOption: true, describe: "New name of the version" })
      .options({ version: versionOption, ...outputOptions }),
  work: nameVersion,
});

function nameVersion({ bank: url, imodel: idOrName, name, version }: NameFlags): BankReport {
  const bank = IModelBank.open(url);
  const imodel = bank.find(idOrName);
  const { index } = findVersion(bank, imodel.id, version);
  bank.nameVersion(imodel.id, index, name);
  return { value: { version: index, name }, lines: [`Version ${index} of ${imodel.name} is named ${name}.`] };
}
