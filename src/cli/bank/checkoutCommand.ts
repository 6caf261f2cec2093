import type { Argv } from "yargs";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { BankHubAccess } from "../../bank/BankHubAccess.js";
import { findVersion } from "../../bank/findVersion.js";
import { IModelBank } from "../../bank/IModelBank.js";
import { ConnectorError } from "../../ConnectorError.js";
import { checkOut } from "../../imodel/checkpoints.js";
import { orUndo } from "../../files/undoAtExit.js";
import { removeDatabase } from "../../imodel/workingCopy.js";
import { writeVersionZero } from "../../imodel/native.js";
import { bankPositional, iModelPositional, outputOptions, versionOption, type BankedIModelFlags } from "./bankFlags.js";
import type { BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

interface CheckoutFlags extends BankedIModelFlags {
  file: string;
  version?: string;
}

/** `connector-runner bank checkout`. */
export const addCheckout = defineBankCommand({
  command: "checkout <bank> <imodel> <file>",
  describe: "Write a version to a snapshot",
  builder: (parser: Argv) =>
    parser
      .positional("bank", bankPositional)
      .positional("imodel", iModelPositional)
      .positional("file", { type: "string", demandOption: true, describe: "Path of the new snapshot" })
      .options({ version: versionOption, ...outputOptions }),
  work: checkOutVersion,
});

/** Writes a version to a snapshot. */
export async function checkOutVersion(flags: CheckoutFlags): Promise<BankReport> {
  const { bank: url, imodel: idOrName, file, version } = flags;
  const bank = IModelBank.open(url);
  const imodel = bank.find(idOrName);
  const { index } = findVersion(bank, imodel.id, version);
  const path = resolve(file);
  if (existsSync(path))
    throw new ConnectorError("usage/file-exists", `${path} already exists.`, { advice: "Choose another file." });
  const hub = new BankHubAccess(bank, writeVersionZero);
  await orUndo(
    () => checkOut(hub, imodel.id, index, path),
    () => removeDatabase(path),
  );
  return { value: { version: index, path }, lines: [`Wrote version ${index} of ${imodel.name} to ${path}.`] };
}
