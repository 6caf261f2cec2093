import type { Argv } from "yargs";
import { BankHubAccess } from "../../bank/BankHubAccess.js";
import { IModelBank } from "../../bank/IModelBank.js";
import { rangesText } from "../../bank/lostFiles.js";
import { writeVersionZero } from "../../imodel/native.js";
import { verifyIModel, type Verification } from "../../imodel/verifyIModel.js";
import { ExitCode } from "../exitCodes.js";
import { bankPositional, outputOptions, type BankFlags } from "./bankFlags.js";
import type { BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

interface VerifyFlags extends BankFlags {
  imodel?: string;
}

/** `connector-runner bank verify`. */
export const addVerify = defineBankCommand({
  command: "verify <bank> [imodel]",
  describe: "Check that all files are intact, and that all changesets apply as they were pushed",
  builder: (parser: Argv) =>
    parser
      .positional("bank", bankPositional)
      .positional("imodel", { type: "string", describe: "The iModel: name or id (default: all)" })
      .options(outputOptions),
  work: verifyBank,
});

async function verifyBank({ bank: url, imodel: idOrName }: VerifyFlags): Promise<BankReport> {
  const bank = IModelBank.open(url);
  const hub = new BankHubAccess(bank, writeVersionZero);
  const value: (Verification & { id: string; name: string })[] = [];
  for (const { id, name } of idOrName === undefined ? bank.iModels : [bank.find(idOrName)])
    value.push({ id, name, ...(await verifyIModel(hub, id)) });
  const isSound = value.every(({ faulty, failures, differing }) => [faulty, failures, differing].flat().length === 0);
  const lines = value.flatMap(({ name, ...verification }) => describe(name, verification));
  return { value, lines, exitCode: isSound ? ExitCode.Done : ExitCode.Failed };
}

function describe(name: string, { faulty, failures, differing, reachable }: Verification): string[] {
  return [
    ...faulty.map(({ kind, changesetIndex, fault, path }) => `${name}: ${kind} ${changesetIndex} is ${fault}: ${path}`),
    ...failures.map(({ kind, changesetIndex, message }) => {
      const what = kind === "changeset" ? "does not apply" : "cannot be opened";
      return `${name}: ${kind} ${changesetIndex} ${what}: ${message}`;
    }),
    ...differing.map(({ changesetIndex, message }) => {
      return `${name}: a checkout of version ${changesetIndex} differs from what was pushed: ${message}`;
    }),
    `${name}: ${reachable.length === 0 ? "no version" : `versions ${rangesText(reachable)}`} can be checked out.`,
  ];
}
