import { LockState } from "@itwin/core-common";
import { IModelBank } from "../../bank/IModelBank.js";
import { tableLines, sizeText, type BankReport } from "./BankReport.js";
import type { BankFlags } from "./runBank.js";

/** What iModels a bank has. */
export function listIModels({ bank: url }: BankFlags): BankReport {
  const bank = IModelBank.open(url);
  const value = bank.iModels.map((imodel) => ({ ...imodel, latest: bank.latest(imodel.id).index }));
  const rows = value.map(({ name, latest, id, createdAt }) => [name, latest, id, createdAt]);
  const lines = rows.length === 0 ? ["No iModels."] : tableLines(["name", "latest version", "id", "created"], rows);
  return { value, lines };
}

/** What there is to know about an iModel. */
export function describeIModel({ bank: url, imodel: idOrName }: BankFlags): BankReport {
  const bank = IModelBank.open(url);
  const imodel = bank.find(idOrName!);
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
    `briefcases  ${imodel.briefcases.length}; ${imodel.locks} locks are held`,
  ];
}

/** The versions of an iModel, oldest first. */
export function listVersions({ bank: url, imodel: idOrName }: BankFlags): BankReport {
  const bank = IModelBank.open(url);
  const { id } = bank.find(idOrName!);
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

/** The briefcases that hold locks, and how many. */
export function listLocks({ bank: url, imodel: idOrName }: BankFlags): BankReport {
  const bank = IModelBank.open(url);
  const { id } = bank.find(idOrName!);
  const locks = bank.locks(id);
  const value = bank.briefcases(id).flatMap((briefcase) => {
    const own = locks.filter(({ briefcaseId }) => briefcaseId === briefcase.id);
    return own.length === 0 ? [] : [{ ...briefcase, locks: own.map((lock) => ({ ...lock, briefcaseId: undefined })) }];
  });
  const rows = value.map(({ id: briefcaseId, alias, locks: own }) => {
    const exclusive = own.filter(({ state }) => state === LockState.Exclusive).length;
    return [briefcaseId, alias, own[0]!.acquiredAt, exclusive, own.length - exclusive];
  });
  const head = ["briefcase", "held by", "since", "exclusive", "shared"];
  return { value, lines: rows.length === 0 ? ["No locks are held."] : tableLines(head, rows) };
}
