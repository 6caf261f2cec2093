import type { Argv } from "yargs";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { IModelBank } from "../../bank/IModelBank.js";
import { ConnectorError } from "../../ConnectorError.js";
import { writeVersionZero } from "../../imodel/native.js";
import { bankPositional, outputOptions, type BankFlags } from "./bankFlags.js";
import type { BankReport } from "./bankReport.js";
import { defineBankCommand } from "./defineBankCommand.js";

interface CreateFlags extends BankFlags {
  imodel?: string;
  description?: string;
  seed?: string;
}

/** `connector-runner bank create`. */
export const addCreate = defineBankCommand({
  command: "create <bank> [imodel]",
  describe: "Create a bank, an iModel in it, or both",
  builder: (parser: Argv) =>
    parser
      .positional("bank", bankPositional)
      .positional("imodel", { type: "string", describe: "Name of the iModel" })
      .options({
        description: { type: "string", requiresArg: true, describe: "Description of the iModel" },
        seed: { type: "string", requiresArg: true, describe: "iModel to use as version 0 (default: an empty one)" },
        ...outputOptions,
      }),
  work: create,
});

async function create({ bank: url, imodel: name, description, seed }: CreateFlags): Promise<BankReport> {
  const bank = name === undefined ? IModelBank.create(url) : IModelBank.openOrCreate(url);
  const { folder } = bank.layout;
  if (name === undefined) return { value: { folder, iTwinId: bank.iTwinId }, lines: [`Created the bank ${folder}.`] };
  const version0 = seed === undefined ? undefined : existing(seed);
  const imodel = await bank.createIModel({ name, description }, (path, created) =>
    writeVersionZero(path, created, { version0 }),
  );
  return { value: { folder, ...imodel }, lines: [`Created the iModel ${name} in ${folder}.`] };
}

function existing(path: string): string {
  if (existsSync(path)) return resolve(path);
  throw new ConnectorError("usage/missing-imodel", `There is no iModel at ${path}.`, { advice: "Check --seed." });
}
