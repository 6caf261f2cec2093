import type { Argv } from "yargs";
import { IModelBank } from "../../bank/IModelBank.js";
import { counted } from "../../counted.js";
import { bankPositional, iModelPositional, outputOptions, type BankedIModelFlags } from "./bankFlags.js";
import { sizeText, type BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

/** `connector-runner bank info`. */
export const addInfo = defineBankCommand({
  command: "info <bank> <imodel>",
  describe: "Show details of an iModel",
  builder: (parser: Argv) =>
    parser.positional("bank", bankPositional).positional("imodel", iModelPositional).options(outputOptions),
  work: describeIModel,
});

function describeIModel({ bank: url, imodel: idOrName }: BankedIModelFlags): BankReport {
  const bank = IModelBank.open(url);
  const imodel = bank.find(idOrName);
  const { changesets, checkpoints, namedVersions } = bank.history(imodel.id);
  const sum = (files: readonly { size: number }[]) => files.reduce((total, { size }) => total + size, 0);
  const value = {
    ...imodel,
    latest: bank.latest(imodel.id).index,
    changesetBytes: sum(changesets),
    checkpoints: checkpoints.map(({ changesetIndex, size }) => ({ changesetIndex, size })),
    checkpointBytes: sum(checkpoints),
    namedVersions,
    briefcases: bank.briefcases(imodel.id),
    locks: bank.locks(imodel.id).length,
  };
  return { value, lines: describe(value) };
}

function describe(imodel: {
  name: string;
  id: string;
  iTwinId: string;
  description?: string;
  createdAt: string;
  createdBy: string;
  latest: number;
  changesetBytes: number;
  checkpoints: readonly { changesetIndex: number }[];
  checkpointBytes: number;
  namedVersions: readonly unknown[];
  briefcases: readonly unknown[];
  locks: number;
}): string[] {
  const checkpoints = imodel.checkpoints.map(({ changesetIndex }) => changesetIndex).join(", ");
  return [
    `${imodel.name}${imodel.description === undefined ? "" : `: ${imodel.description}`}`,
    `id          ${imodel.id}`,
    `iTwin       ${imodel.iTwinId}`,
    `created     ${imodel.createdAt} by ${imodel.createdBy}`,
    `version     ${imodel.latest}; ${imodel.namedVersions.length} named`,
    `changesets  ${sizeText(imodel.changesetBytes)}`,
    `checkpoints ${sizeText(imodel.checkpointBytes)}, of version ${checkpoints}`,
    `briefcases  ${imodel.briefcases.length}; ${counted(imodel.locks, "lock")}`,
  ];
}
