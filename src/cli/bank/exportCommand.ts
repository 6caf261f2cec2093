import type { Argv } from "yargs";
import { exportIModel } from "../../bank/exportIModel.js";
import { IModelBank } from "../../bank/IModelBank.js";
import { bankPositional, iModelPositional, outputOptions, type BankedIModelFlags } from "./bankFlags.js";
import type { BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

interface ExportFlags extends BankedIModelFlags {
  folder: string;
}

/** `connector-runner bank export`. */
export const addExport = defineBankCommand({
  command: "export <bank> <imodel> <folder>",
  describe: "Copy an iModel with its history into another bank",
  builder: (parser: Argv) =>
    parser
      .positional("bank", bankPositional)
      .positional("imodel", iModelPositional)
      .positional("folder", {
        type: "string",
        demandOption: true,
        describe: "Folder of the other bank: path or file: URL; created if it is missing",
      })
      .options(outputOptions),
  work: exportHistory,
});

async function exportHistory({ bank: url, imodel: idOrName, folder }: ExportFlags): Promise<BankReport> {
  const bank = IModelBank.open(url);
  const imodel = bank.find(idOrName);
  const other = await exportIModel(bank, imodel.id, folder);
  const { index: latest } = other.latest(imodel.id);
  const line = `The bank ${other.layout.folder} has ${imodel.name} with versions 0 to ${latest}.`;
  return { value: { folder: other.layout.folder, id: imodel.id, latest }, lines: [line] };
}
