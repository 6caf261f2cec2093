import type { GuidString } from "@itwin/core-bentley";
import { ConnectorError } from "../ConnectorError.js";
import { lastChangeset, recordChangeset, type RecordedChangeset } from "./bankChangesets.js";
import { readBriefcases, recordCheckpoint, retireBriefcase, skipBriefcaseIds, type Checkpoint } from "./bankIModels.js";
import { releaseLocks } from "./bankLocks.js";
import type { BankStatements } from "./BankState.js";

/** What an iModel has gained in another bank. */
export interface HistoryGain {
  /** In order. */
  changesets: RecordedChangeset[];
  checkpoints: Checkpoint[];
}

/**
 * Notes what an iModel has gained in another bank, where the files are in their places.
 *
 * Each bank gives out briefcase ids by itself. Ids of elements begin with that of the briefcase, so a briefcase here that
 * has the id of one that pushed there is taken out of use: both would give the same ids to different elements.
 * @throws ConnectorError `bank/histories-differ` where a changeset does not follow the latest one here
 */
export function recordGain(
  statements: BankStatements,
  iModelId: GuidString,
  { changesets, checkpoints }: HistoryGain,
): void {
  for (const changeset of changesets) {
    refuseOtherHistory(statements, iModelId, changeset);
    recordChangeset(statements, iModelId, changeset);
    yieldBriefcaseId(statements, iModelId, changeset);
  }
  for (const checkpoint of checkpoints) recordCheckpoint(statements, iModelId, checkpoint);
}

function refuseOtherHistory(statements: BankStatements, iModelId: GuidString, next: RecordedChangeset): void {
  const { id = "", index = 0 } = lastChangeset(statements, iModelId) ?? {};
  if (next.parentId === id && next.index === index + 1) return;
  const message = `Changeset ${next.index} (${next.id}) does not follow changeset ${index} of the bank.`;
  throw new ConnectorError("bank/histories-differ", message, {
    advice: "Take the iModel in anew: what was pushed only here is lost.",
  });
}

function yieldBriefcaseId(statements: BankStatements, iModelId: GuidString, changeset: RecordedChangeset): void {
  const { briefcaseId, index } = changeset;
  skipBriefcaseIds(statements, iModelId, briefcaseId);
  if (!readBriefcases(statements, iModelId).some(({ id }) => id === briefcaseId)) return;
  releaseLocks(statements, { iModelId, briefcaseId, changesetIndex: index });
  retireBriefcase(statements, iModelId, briefcaseId);
}
