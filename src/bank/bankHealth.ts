import { constants, existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { expectDefined, type GuidString } from "@itwin/core-bentley";
import type { ConnectorError } from "../ConnectorError.js";
import type { RecordedChangeset } from "./bankChangesets.js";
import { faultOf, type FileFault, type FileStamp } from "../files/fileStamp.js";
import type { Checkpoint } from "./bankIModels.js";
import type { IModelBank } from "./IModelBank.js";
import { checkoutRanges, lostFile, mergeRanges, type FaultyFile, type VersionRange } from "./lostFiles.js";

/** All files of an iModel that are not what was put there. Reads every file whole. */
export async function findFaultyFiles(bank: IModelBank, iModelId: GuidString): Promise<FaultyFile[]> {
  const { layout } = bank;
  const checkpoints = bank.checkpoints(iModelId).map((checkpoint) => ({ kind: "checkpoint" as const, ...checkpoint }));
  const changesets = bank
    .changesets(iModelId)
    .map((changeset) => ({ kind: "changeset" as const, changesetIndex: changeset.index, ...changeset }));
  const faulty: FaultyFile[] = [];
  for (const file of [...checkpoints, ...changesets]) {
    const { kind, changesetIndex } = file;
    const path = "id" in file ? layout.changeset(iModelId, file.id) : layout.checkpoint(iModelId, changesetIndex);
    const fault = await faultOf(path, file);
    if (fault !== undefined) faulty.push({ path, fault, kind, changesetIndex });
  }
  return faulty;
}

/** The versions of an iModel that can be checked out although files are faulty, by the checkpoint that they come from. */
export function rangesWithout(bank: IModelBank, iModelId: GuidString, faulty: readonly FaultyFile[]): VersionRange[] {
  const checkpoints = bank.checkpoints(iModelId).map(({ changesetIndex }) => changesetIndex);
  return checkoutRanges(bank.latest(iModelId).index, checkpoints, faulty);
}

/**
 * Copies a changeset out of a bank.
 * @throws ConnectorError `bank/changeset-missing`, `bank/changeset-altered`, with what can still be checked out
 */
export async function copyChangeset(
  bank: IModelBank,
  iModelId: GuidString,
  changeset: RecordedChangeset,
  to: string,
): Promise<void> {
  const path = bank.layout.changeset(iModelId, changeset.id);
  const fault = await copyChecked(path, to, changeset);
  if (fault === undefined) return;
  throw await describeLoss(bank, iModelId, { path, fault, kind: "changeset", changesetIndex: changeset.index });
}

/**
 * Copies the last checkpoint at or before a version out of a bank.
 * @param version - default: the latest one
 * @throws ConnectorError `bank/checkpoint-missing`, `bank/checkpoint-altered`, with what can still be checked out, where
 * no earlier checkpoint is whole either
 */
export async function copyCheckpoint(
  bank: IModelBank,
  iModelId: GuidString,
  to: string,
  version = Infinity,
): Promise<Checkpoint> {
  const usable = bank.checkpoints(iModelId).filter(({ changesetIndex }) => changesetIndex <= version);
  let lost: FaultyFile | undefined;
  for (const checkpoint of usable.reverse()) {
    const fault = await tryCopyCheckpoint(bank, iModelId, checkpoint, to);
    if (fault === undefined) return checkpoint;
    lost ??= fault;
  }
  throw await describeLoss(bank, iModelId, expectDefined(lost)); // each iModel has a checkpoint of version 0
}

/**
 * Copies a certain checkpoint out of a bank.
 * @throws ConnectorError `bank/checkpoint-missing`, `bank/checkpoint-altered`
 */
export async function copyCheckpointOf(
  bank: IModelBank,
  iModelId: GuidString,
  checkpoint: Checkpoint,
  to: string,
): Promise<void> {
  const lost = await tryCopyCheckpoint(bank, iModelId, checkpoint, to);
  if (lost !== undefined) throw await describeLoss(bank, iModelId, lost);
}

async function tryCopyCheckpoint(
  bank: IModelBank,
  iModelId: GuidString,
  checkpoint: Checkpoint,
  to: string,
): Promise<FaultyFile | undefined> {
  const { changesetIndex } = checkpoint;
  const path = bank.layout.checkpoint(iModelId, changesetIndex);
  const fault = await copyChecked(path, to, checkpoint);
  return fault && { path, fault, kind: "checkpoint", changesetIndex };
}

async function copyChecked(from: string, to: string, expected: FileStamp): Promise<FileFault | undefined> {
  if (!existsSync(from)) return "missing";
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const fault = await faultOf(to, expected);
  if (fault !== undefined) await rm(to, { force: true });
  return fault;
}

/** Reads every file of the iModel, to tell what can still be had. */
async function describeLoss(bank: IModelBank, iModelId: GuidString, lost: FaultyFile): Promise<ConnectorError> {
  const faulty = await findFaultyFiles(bank, iModelId);
  return lostFile(bank.find(iModelId).name, lost, mergeRanges(rangesWithout(bank, iModelId, faulty)));
}
