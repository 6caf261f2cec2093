import type { ChangesetIndex } from "@itwin/core-common";
import { ConnectorError } from "../ConnectorError.js";
import type { FileFault } from "../files/fileStamp.js";

/** A file of a bank that is not what was put there. */
export interface FaultyFile {
  path: string;
  fault: FileFault;
  /** The changeset that it holds, or that it is a checkpoint of. */
  changesetIndex: ChangesetIndex;
  kind: "changeset" | "checkpoint";
}

/** Versions in a row, both ends included. */
export type VersionRange = [first: ChangesetIndex, last: ChangesetIndex];

/**
 * Which versions of an iModel can still be checked out from which checkpoint: for each one that is whole, its own version
 * and those after it, up to before the first changeset that is not whole, or the next checkpoint that is.
 */
export function checkoutRanges(
  latest: ChangesetIndex,
  checkpoints: readonly ChangesetIndex[],
  faulty: readonly FaultyFile[],
): VersionRange[] {
  const indexes = (kind: FaultyFile["kind"]) =>
    faulty.filter((file) => file.kind === kind).map((file) => file.changesetIndex);
  const [lostChangesets, lostCheckpoints] = [indexes("changeset"), indexes("checkpoint")];
  const whole = checkpoints.filter((index) => !lostCheckpoints.includes(index));
  return whole.map((first) => {
    const ends = [...lostChangesets, ...whole].filter((index) => index > first);
    return [first, Math.min(latest, ...ends.map((index) => index - 1))];
  });
}

/** Ranges in order, those that follow on each other as one. */
export function mergeRanges(ranges: readonly VersionRange[]): VersionRange[] {
  const merged: VersionRange[] = [];
  for (const [first, last] of ranges) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** Ranges of versions as a person reads them, such as `0 to 6, 10`. */
export function rangesText(ranges: readonly VersionRange[]): string {
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first} to ${last}`)).join(", ");
}

/** The error for a file that is not what was put there: which one, and what can still be had. */
export function lostFile(
  iModelName: string,
  { kind, fault, changesetIndex, path }: FaultyFile,
  reachable: readonly VersionRange[],
): ConnectorError {
  const what = kind === "changeset" ? `Changeset ${changesetIndex}` : `The checkpoint of changeset ${changesetIndex}`;
  const rest =
    reachable.length === 0
      ? "No version can be checked out."
      : `Versions ${rangesText(reachable)} can still be checked out.`;
  return new ConnectorError(`bank/${kind}-${fault}`, `${what} of ${iModelName} is ${fault}: ${path}.`, {
    advice: `Bring the file back from a backup. ${rest}`,
  });
}
