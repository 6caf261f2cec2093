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
import { LostChanges } from "./LostChanges.js";
import { openSnapshot } from "./openSnapshot.js";

/** A file that is what was put into the bank, and cannot be used all the same. */
export interface UseFailure extends Pick<FaultyFile, "kind" | "changesetIndex"> {
  /** Why not. */
  message: string;
}

/** A version whose checkout is not what was pushed, although everything applies. */
export interface DifferingVersion {
  changesetIndex: ChangesetIndex;
  /** What differs. */
  message: string;
}

/** What was found of one iModel of a bank. */
export interface Verification {
  /** Files that are lost or not what was put into the bank. */
  faulty: FaultyFile[];
  /** Checkpoints that cannot be opened, and changesets that do not apply. */
  failures: UseFailure[];
  /** Versions that can be checked out, but are not what was pushed. Those after them have the same difference. */
  differing: DifferingVersion[];
  /** The versions that can be checked out, as ranges. */
  reachable: VersionRange[];
}

/**
 * Checks that every file of an iModel is what was put into the bank, that every changeset applies, and that the iModel has
 * all that the changeset says then.
 */
export async function verifyIModel(hub: BankHubAccess, iModelId: GuidString): Promise<Verification> {
  const { bank } = hub;
  const faulty = await findFaultyFiles(bank, iModelId);
  const [failures, reachable]: [UseFailure[], VersionRange[]] = [[], []];
  const differing: DifferingVersion[] = [];
  for (const [first, last] of rangesWithout(bank, iModelId, faulty)) {
    // What leads to the next checkpoint is needed for no checkout, but has to apply as well.
    const end = isWhole(bank, iModelId, faulty, last + 1) ? last + 1 : last;
    const failure = await inTemporaryFolder((folder) =>
      tryApply(hub, iModelId, [first, end], { file: join(folder, "verified.bim"), differing }),
    );
    if (failure !== undefined) failures.push(failure);
    const lastGood = failure === undefined ? last : Math.min(last, failure.changesetIndex - 1);
    if (lastGood >= first) reachable.push([first, lastGood]);
  }
  return { faulty, failures, differing, reachable: mergeRanges(reachable) };
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

/**
 * Applies all changesets of a range to the checkpoint that it begins with, in a file, and says what fails.
 * @param differing - takes in the versions that are not what was pushed
 */
async function tryApply(
  hub: BankHubAccess,
  iModelId: GuidString,
  [first, last]: VersionRange,
  { file, differing }: { file: string; differing: DifferingVersion[] },
): Promise<UseFailure | undefined> {
  let changesetIndex = first;
  try {
    await checkOut(hub, iModelId, first, file);
    await bringTo(hub, iModelId, first, file); // which opens it
    while (changesetIndex < last) {
      await bringTo(hub, iModelId, ++changesetIndex, file);
      const message = await findLostChanges(hub.bank, iModelId, changesetIndex, file);
      if (message !== undefined) differing.push({ changesetIndex, message });
    }
    return undefined;
  } catch (error) {
    const kind = changesetIndex === first ? "checkpoint" : "changeset";
    return { kind, changesetIndex, message: messageOf(error) };
  }
}

/** What the iModel in a file lacks of the changeset that was applied to it last. */
async function findLostChanges(
  bank: IModelBank,
  iModelId: GuidString,
  index: ChangesetIndex,
  file: string,
): Promise<string | undefined> {
  const { id } = bank.changeset(iModelId, { index });
  const imodel = openSnapshot(file);
  try {
    return await LostChanges.describe(imodel, bank.layout.changeset(iModelId, id));
  } finally {
    imodel.close();
  }
}
