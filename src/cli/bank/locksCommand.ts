import type { Argv } from "yargs";
import { LockState } from "@itwin/core-common";
import { IModelBank } from "../../bank/IModelBank.js";
import { bankPositional, iModelPositional, outputOptions, type BankedIModelFlags } from "./bankFlags.js";
import { tableLines, type BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

/** `connector-runner bank locks`. */
export const addLocks = defineBankCommand({
  command: "locks <bank> <imodel>",
  describe: "List the briefcases that hold locks",
  builder: (parser: Argv) =>
    parser.positional("bank", bankPositional).positional("imodel", iModelPositional).options(outputOptions),
  work: listLocks,
});

function listLocks({ bank: url, imodel: idOrName }: BankedIModelFlags): BankReport {
  const bank = IModelBank.open(url);
  const { id } = bank.find(idOrName);
  const locks = bank.locks(id);
  const value = bank.briefcases(id).flatMap((briefcase) => {
    const own = locks.filter(({ briefcaseId }) => briefcaseId === briefcase.id);
    return own.length === 0 ? [] : [{ ...briefcase, locks: own.map((lock) => ({ ...lock, briefcaseId: undefined })) }];
  });
  const rows = value.map(({ id: briefcaseId, alias, locks: own }) => {
    const exclusive = own.filter(({ state }) => state === LockState.Exclusive).length;
    const [first] = own;
    return [briefcaseId, alias, first?.acquiredAt ?? "", exclusive, own.length - exclusive];
  });
  const head = ["briefcase", "held by", "since", "exclusive", "shared"];
  return { value, lines: rows.length === 0 ? ["No locks are held."] : tableLines(head, rows) };
}
