import type { Argv } from "yargs";
import { IModelBank } from "../../bank/IModelBank.js";
import { bankPositional, outputOptions, type BankFlags } from "./bankFlags.js";
import { tableLines, type BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

/** `connector-runner bank list`. */
export const addList = defineBankCommand({
  command: "list <bank>",
  describe: "List the iModels",
  builder: (parser: Argv) => parser.positional("bank", bankPositional).options(outputOptions),
  work: listIModels,
});

function listIModels({ bank: url }: BankFlags): BankReport {
  const bank = IModelBank.open(url);
  const value = bank.iModels.map((imodel) => ({ ...imodel, latest: bank.latest(imodel.id).index }));
  const rows = value.map(({ name, latest, id, createdAt }) => [name, latest, id, createdAt]);
  const lines = rows.length === 0 ? ["No iModels."] : tableLines(["name", "latest version", "id", "created"], rows);
  return { value, lines };
}
