import { isOneInHundred, makeBoxes } from "./boxes.js";
import type { BoxDocument } from "./contenders.js";

/** What the source is like when a case is measured. */
export const caseNames = ["first", "unchanged", "changed", "deleted", "files"] as const;
export type CaseName = (typeof caseNames)[number];

/** Files of the source in the case of several files. */
export const fileCount = 10;

/**
 * The source of a case, or the one before it with which the iModel is prepared.
 *
 * In the case of one file the file counts as changed, so that each of its entities is looked at.
 */
export function makeDocuments(name: CaseName, items: number, isBefore = false): BoxDocument[] {
  if (name === "files") return makeFiles(items / fileCount, isBefore);
  const now: Record<Exclude<CaseName, "files">, (index: number) => number | undefined> = {
    first: () => 0,
    unchanged: () => 0,
    changed: (index) => (isOneInHundred(index) ? 1 : 0),
    deleted: (index) => (isOneInHundred(index) ? undefined : 0),
  };
  const boxes = makeBoxes(items, isBefore ? undefined : now[name]);
  return [{ name: "boxes.txt", checksum: isBefore ? "before" : "now", boxes }];
}

function makeFiles(items: number, isBefore: boolean): BoxDocument[] {
  return Array.from({ length: fileCount }, (_, file) => {
    const isChanged = file === 3 && !isBefore;
    const revisionOf = (index: number) => (isChanged && isOneInHundred(index) ? 1 : 0);
    const boxes = makeBoxes(items, revisionOf, `box-${file}`);
    return { name: `boxes-${file}.txt`, checksum: isChanged ? "now" : "before", boxes };
  });
}
