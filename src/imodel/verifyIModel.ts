import { join } from "node:path";
import type { GuidString } from "@itwin/core-bentley";
import type { ChangesetIndex } from "@itwin/core-common";
import { messageOf } from "../ConnectorError.js";
import { findFaultyFiles, rangesWithout } from "../bank/bankHealth.js";
import type { BankHubAccess } from "../bank/BankHubAccess.js";
import type { IModelBank } from "../bank/IModelBank.js";
import { mergeRanges, type FaultyFile, type VersionRange } from "../bank/lostFiles.js";
import { inTemporaryFolder } from "../files/temporaryFolder.js";
import { bringTo, checkOut } from "./checkpoints.js";

/** A file that is what was put into the bank, and cannot be used all the same. */
export interface UseFailure extends Pick<FaultyFile, "kind" | "changesetIndex"> {
  /** Why not. */
  message: string;
}

/** What was found of one iModel of a bank. */
export interface Verification {
  /** Files that are lost or not what was put into the bank. */
  faulty: FaultyFile[];
  /** Checkpoints that cannot be opened, and changesets that do not apply. */
  failures: UseFailure[];
  /** The versions that can be checked out, as ranges. */
  reachable: VersionRange[];
}

/** Checks that every file of an iModel is what was put into the bank, and that every changeset applies. */
export async function verifyIModel(hub: BankHubAccess, iModelId: GuidString): Promise<Verification> {
  const { bank } = hub;
  const faulty = await findFaultyFiles(bank, iModelId);
  const [failures, reachable]: [UseFailure[], VersionRange[]] = [[], []];
  for (const [first, last] of rangesWithout(bank, iModelId, faulty)) {
    // What leads to the next checkpoint is needed for no checkout, but has to apply as well.
    const end = isWhole(bank, iModelId, faulty, last + 1) ? last + 1 : last;
    const failure = await inTemporaryFolder((folder) =>
      tryApply(hub, iModelId, [first, end], join(folder, "verified.bim")),
    );
    if (failure !== undefined) failures.push(failure);
    const lastGood = failure === undefined ? last : Math.min(last, failure.changesetIndex - 1);
    if (lastGood >= first) reachable.push([first, lastGood]);
  }
  return { faulty, failures, reachable: mergeRanges(reachable) };
}

function isWhole(
  bank: IModelBank,
  iModelId: GuidString,
  faulty: readonly FaultyFile[],
  index: ChangesetIndex,
): boolean {
  const isLost = faulty.some(({ kind, changesetIndex }) => kind === "changeset" && changesetIndex === index);
  return index <= bank.latest(iModelId).index && !isLost;
}

/** Applies all changesets of a range to the checkpoint that it begins with, in a file, and says what fails. */
async function tryApply(
  hub: BankHubAccess,
  iModelId: GuidString,
  [first, last]: VersionRange,
  file: string,
): Promise<UseFailure | undefined> {
  let changesetIndex = first;
  try {
    await checkOut(hub, iModelId, first, file);
    for (; changesetIndex <= last; changesetIndex++) await bringTo(hub, iModelId, changesetIndex, file);
    return undefined;
  } catch (error) {
    const kind = changesetIndex === first ? "checkpoint" : "changeset";
    return { kind, changesetIndex, message: messageOf(error) };
  }
}
