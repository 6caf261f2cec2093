import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ConnectorError } from "../../ConnectorError.js";
import { BankHubAccess } from "../../bank/BankHubAccess.js";
import { collectGarbage } from "../../bank/collectGarbage.js";
import { exportIModel } from "../../bank/exportIModel.js";
import { findVersion } from "../../bank/findVersion.js";
import { IModelBank } from "../../bank/IModelBank.js";
import { checkOut } from "../../imodel/checkpoints.js";
import { writeVersionZero } from "../../imodel/native.js";
import type { BankReport } from "./BankReport.js";
import type { BankFlags } from "./runBank.js";

/** Makes a bank, an iModel, or both. */
export async function create({ bank: url, imodel: name, description, seed }: BankFlags): Promise<BankReport> {
  const bank = name === undefined ? IModelBank.create(url) : IModelBank.openOrCreate(url);
  const { folder } = bank.layout;
  if (name === undefined) return { value: { folder, iTwinId: bank.iTwinId }, lines: [`Created the bank ${folder}.`] };
  const version0 = seed === undefined ? undefined : existing(seed);
  const imodel = await bank.createIModel({ name, description }, (path, created) =>
    writeVersionZero(path, created, { version0 }),
  );
  return { value: { folder, ...imodel }, lines: [`Created the iModel ${name} in ${folder}.`] };
}

/** Gives a version a name. */
export function nameVersion({ bank: url, imodel: idOrName, name, version }: BankFlags): BankReport {
  const bank = IModelBank.open(url);
  const imodel = bank.find(idOrName!);
  const { index } = findVersion(bank, imodel.id, version);
  bank.nameVersion(imodel.id, index, name!);
  return { value: { version: index, name }, lines: [`Version ${index} of ${imodel.name} is named ${name}.`] };
}

/** Writes a version to a snapshot. */
export async function checkOutVersion({ bank: url, imodel: idOrName, file, version }: BankFlags): Promise<BankReport> {
  const bank = IModelBank.open(url);
  const imodel = bank.find(idOrName!);
  const { index } = findVersion(bank, imodel.id, version);
  const path = resolve(file!);
  if (existsSync(path))
    throw new ConnectorError("usage/file-exists", `${path} is there already.`, { advice: "Choose another file." });
  await checkOut(new BankHubAccess(bank, writeVersionZero), imodel.id, index, path);
  return { value: { version: index, path }, lines: [`${path} is ${imodel.name} as it was at version ${index}.`] };
}

/** Copies an iModel with its history into another bank. */
export async function exportHistory({ bank: url, imodel: idOrName, folder }: BankFlags): Promise<BankReport> {
  const bank = IModelBank.open(url);
  const imodel = bank.find(idOrName!);
  const other = await exportIModel(bank, imodel.id, folder!);
  const { index: latest } = other.latest(imodel.id);
  const line = `The bank ${other.layout.folder} has ${imodel.name} with versions 0 to ${latest}.`;
  return { value: { folder: other.layout.folder, id: imodel.id, latest }, lines: [line] };
}

/** Takes a briefcase out of use, whose run has died, and gives its locks back. */
export function releaseBriefcase({ bank: url, imodel: idOrName, briefcase }: BankFlags): BankReport {
  const bank = IModelBank.open(url);
  const { id } = bank.find(idOrName!);
  const locks = bank.locks(id, briefcase).length;
  bank.releaseBriefcase(id, briefcase!);
  const lines = [`Briefcase ${briefcase} is released, and ${locks} locks with it. What it did not push is lost.`];
  return { value: { briefcase, locks }, lines };
}

/** Removes what dead processes have left. */
export async function removeGarbage({ bank: url, olderThan }: BankFlags): Promise<BankReport> {
  const removed = await collectGarbage(IModelBank.open(url), olderThan! * 3_600_000);
  return { value: { removed }, lines: [...removed, `${removed.length} files and folders were removed.`] };
}

function existing(path: string): string {
  if (existsSync(path)) return resolve(path);
  throw new ConnectorError("usage/missing-imodel", `There is no iModel at ${path}.`, { advice: "Check --seed." });
}
