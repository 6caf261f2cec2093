import { LockConflict } from "@itwin/core-backend";
import { IModelHubStatus, type GuidString, type Id64String } from "@itwin/core-bentley";
import { IModelError, LockState, type BriefcaseId, type ChangesetIndex } from "@itwin/core-common";
import type { BankStatements } from "./BankState.js";

/** A briefcase that takes or gives back locks. */
export interface LockTaker {
  iModelId: GuidString;
  briefcaseId: BriefcaseId;
  /** The changeset that the briefcase is at. */
  changesetIndex: ChangesetIndex;
}

/** Which element is to be locked how. */
export type WantedLocks = ReadonlyMap<Id64String, LockState>;

/** A lock that is held. */
export interface HeldLock {
  elementId: Id64String;
  state: LockState;
  briefcaseId: BriefcaseId;
  /** ISO 8601. */
  acquiredAt: string;
}

/**
 * Takes locks for a briefcase: all of them or, because it throws, none.
 * @throws LockConflict with the alias of the briefcase that holds one of them
 * @throws IModelError `PullIsRequired` where an element was changed under a lock after the changeset of the briefcase
 */
export function takeLocks(statements: BankStatements, taker: LockTaker, locks: WantedLocks): void {
  for (const [elementId, state] of locks) {
    refuseConflict(statements, taker, elementId, state);
    refuseUnseenChange(statements, taker, elementId);
    statements.run(
      `INSERT INTO locks(iModelId, elementId, briefcaseId, state, acquiredAt) VALUES(?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET state=max(state, excluded.state)`,
      taker.iModelId,
      elementId,
      taker.briefcaseId,
      state,
      new Date().toISOString(),
    );
  }
}

/** Gives back all locks of a briefcase, and notes with which changeset. */
export function releaseLocks(statements: BankStatements, { iModelId, briefcaseId, changesetIndex }: LockTaker): void {
  statements.run(
    // A briefcase that died after its push does not know the changeset that it pushed; one that knows more than the bank
    // comes from before the bank was restored from a backup, and nobody could pull what it knows.
    `INSERT INTO lockHistory(iModelId, elementId, changesetIndex)
     SELECT iModelId, elementId, max(
         min(?, ifnull((SELECT max(changesetIndex) FROM changesets c WHERE c.iModelId=locks.iModelId), 0)),
         ifnull((SELECT max(changesetIndex) FROM changesets c
                 WHERE c.iModelId=locks.iModelId AND c.briefcaseId=locks.briefcaseId), 0))
     FROM locks WHERE iModelId=? AND briefcaseId=? AND state=${LockState.Exclusive}
     ON CONFLICT DO UPDATE SET changesetIndex=max(changesetIndex, excluded.changesetIndex)`,
    changesetIndex,
    iModelId,
    briefcaseId,
  );
  statements.run("DELETE FROM locks WHERE iModelId=? AND briefcaseId=?", iModelId, briefcaseId);
}

/** All locks of an iModel, those of one briefcase or of all. */
export function readLocks(statements: BankStatements, iModelId: GuidString, briefcaseId?: BriefcaseId): HeldLock[] {
  return statements.rows(
    `SELECT elementId, state, briefcaseId, acquiredAt FROM locks
     WHERE iModelId=?1 AND (?2 IS NULL OR briefcaseId=?2) ORDER BY briefcaseId, elementId`,
    iModelId,
    briefcaseId,
  );
}

function refuseConflict(
  statements: BankStatements,
  { iModelId, briefcaseId }: LockTaker,
  elementId: Id64String,
  state: LockState,
): void {
  const [holder] = statements.rows<{ briefcaseId: BriefcaseId; alias: string; state: LockState }>(
    `SELECT l.briefcaseId, l.state, b.alias
     FROM locks l JOIN briefcases b ON b.iModelId=l.iModelId AND b.id=l.briefcaseId
     WHERE l.iModelId=? AND l.elementId=? AND l.briefcaseId<>? AND max(l.state, ?)=${LockState.Exclusive}
     ORDER BY l.state DESC, l.briefcaseId`,
    iModelId,
    elementId,
    briefcaseId,
    state,
  );
  if (holder === undefined) return;
  const isExclusive = holder.state === LockState.Exclusive;
  const message = isExclusive ? "exclusive lock is already held" : "shared lock is held";
  throw new LockConflict(holder.briefcaseId, holder.alias, message);
}

function refuseUnseenChange(statements: BankStatements, taker: LockTaker, elementId: Id64String): void {
  const change = statements.row<{ changesetIndex: ChangesetIndex }>(
    "SELECT changesetIndex FROM lockHistory WHERE iModelId=? AND elementId=? AND changesetIndex>?",
    taker.iModelId,
    elementId,
    taker.changesetIndex,
  );
  if (change === undefined) return;
  const message = `element ${elementId} was changed in changeset ${change.changesetIndex}: pull it first`;
  throw new IModelError(IModelHubStatus.PullIsRequired, message);
}
