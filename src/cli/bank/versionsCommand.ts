import type { Argv } from "yargs";
import { IModelBank } from "../../bank/IModelBank.js";
import { bankPositional, iModelPositional, outputOptions, type BankedIModelFlags } from "./bankFlags.js";
import { tableLines, type BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

/** `connector-runner bank versions`. */
export const addVersions = defineBankCommand({
  command: "versions <bank> <imodel>",
  describe: "List the versions, with their descriptions",
  builder: (parser: Argv) =>
    parser.positional("bank", bankPositional).positional("imodel", iModelPositional).options(outputOptions),
  work: listVersions,
});

/** The versions of an iModel, oldest first. */
function listVersions({ bank: url, imodel: idOrName }: BankedIModelFlags): BankReport {
  const bank = IModelBank.open(url);
  const { id } = bank.find(idOrName);
  const named = bank.namedVersions(id);
  const value = [bank.changeset(id, { index: 0 }), ...bank.changesets(id)].map((changeset) => ({
    version: changeset.index,
    names: named.filter(({ changesetIndex }) => changesetIndex === changeset.index).map(({ name }) => name),
    changesetId: changeset.id,
    description: changeset.description,
    pushedAt: changeset.pushDate,
    pushedBy: changeset.userCreated,
    briefcaseId: changeset.briefcaseId,
    bytes: changeset.size,
  }));
  const rows = value.map((row) => [row.version, row.names.join(", "), row.pushedAt, row.pushedBy, row.description]);
  return { value, lines: tableLines(["version", "name", "pushed", "by", "description"], rows) };
}
