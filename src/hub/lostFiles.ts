import type { ChangesetIndex } from "@itwin/core-common";
import { ConnectorError } from "../ConnectorError.js";
import type { FileFault } from "./bankFiles.js";

/** A file of a bank that is not what was put there. */
export interface FaultyFile {
  path: string;
  fault: FileFault;
  /** The changeset that it holds, or that it is a checkpoint of. */
  changesetIndex: ChangesetIndex;
  kind: "changeset" | "checkpoint";
}

/**
 * Which versions of an iModel can still be checked out, as ranges: from each checkpoint that is whole to before the first
 * changeset after it that is not.
 */
export function reachableVersions(
  latest: ChangesetIndex,
  checkpoints: readonly ChangesetIndex[],
  faulty: readonly FaultyFile[],
): [first: ChangesetIndex, last: ChangesetIndex][] {
  const indexes = (kind: FaultyFile["kind"]) =>
    faulty.filter((file) => file.kind === kind).map((file) => file.changesetIndex);
  const [lostChangesets, lostCheckpoints] = [indexes("changeset"), indexes("checkpoint")];
  const ranges: [ChangesetIndex, ChangesetIndex][] = [];
  for (const first of checkpoints.filter((index) => !lostCheckpoints.includes(index))) {
    const last = Math.min(latest, ...lostChangesets.filter((index) => index > first).map((index) => index - 1));
    const before = ranges.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else ranges.push([first, last]);
  }
  return ranges;
}

/** Ranges of versions as a person reads them, such as `0 to 6, 10`. */
export function rangesText(ranges: readonly [first: ChangesetIndex, last: ChangesetIndex][]): string {
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first} to ${last}`)).join(", ");
}

/** The error for a file that is not what was put there: which one, and what can still be had. */
export function lostFile(
  iModelName: string,
  { kind, fault, changesetIndex, path }: FaultyFile,
  reachable: readonly [ChangesetIndex, ChangesetIndex][],
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
