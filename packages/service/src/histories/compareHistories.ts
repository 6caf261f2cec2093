import type { HistoryGain } from "itwin-connector-framework/internal";

/** How the history of an iModel on this machine stands to the recorded one. */
export type HistoryState = "same" | "behind" | "ahead" | "different";

/** What one history has that the other does not have. */
export function gainOver(history: HistoryGain, other: HistoryGain): HistoryGain {
  const known = new Set(other.checkpoints.map(({ changesetIndex }) => changesetIndex));
  return {
    changesets: history.changesets.slice(other.changesets.length),
    checkpoints: history.checkpoints.filter(({ changesetIndex }) => !known.has(changesetIndex)),
  };
}

/**
 * Tells how a history stands to the recorded one: the `same`; `behind` where it lacks something and has nothing of its own;
 * `ahead` where it has something of its own and lacks nothing; else `different`.
 */
export function compareHistories(history: HistoryGain, recorded: HistoryGain): HistoryState {
  if (!agree(history, recorded)) return "different";
  const [isAhead, isBehind] = [hasAny(gainOver(history, recorded)), hasAny(gainOver(recorded, history))];
  if (isAhead) return isBehind ? "different" : "ahead";
  return isBehind ? "behind" : "same";
}

/** Whether there is nothing that both have and that is not the same. */
function agree(a: HistoryGain, b: HistoryGain): boolean {
  const checksums = new Map(b.checkpoints.map(({ changesetIndex, checksum }) => [changesetIndex, checksum]));
  return (
    a.checkpoints.every(({ changesetIndex, checksum }) => (checksums.get(changesetIndex) ?? checksum) === checksum) &&
    a.changesets.every((changeset, index) => isSame(changeset, b.changesets[index] ?? changeset))
  );
}

function isSame(a: { id: string; checksum: string }, b: { id: string; checksum: string }): boolean {
  return a.id === b.id && a.checksum === b.checksum;
}

function hasAny({ changesets, checkpoints }: HistoryGain): boolean {
  return changesets.length > 0 || checkpoints.length > 0;
}
