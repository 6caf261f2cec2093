import Table from "cli-table3";
import { isMet, type Bar, type Row } from "./bars.js";
import type { CaseName } from "./cases.js";
import { rounds } from "./measurements.js";
import type { HotFunction } from "./profile.js";

const style = { head: [], border: [] };

/** Says what was measured, and how. */
export function explain(items: number): string {
  return `
${items} physical elements with box geometry in one file; in the case of files, in ten of which one has changed by 1%.
Measured is the CPU time of a process of its own, from the source in memory to the saved iModel, the least of ${rounds} rounds
in which the contenders take turns.
  raw       insertElement and insertAspect, updateElement and updateAspect, deleteElement of what is known to differ
  per-item  a synchronizer of 75 lines that asks the iModel for the provenance of each item
  ours      the framework through its public API
"Deletion, nothing to delete" is what the search for vanished items adds to an unchanged run, against the whole run of
per-item; "1% deleted" is the search with the deletion, against bare deleteElement of the same elements.
`.trim();
}

/** The times, and how they stand to the bars. */
export function printFigures(rows: readonly Row[], bars: readonly Bar[]): string {
  const times = new Table({ head: ["case", "contender", "µs per item", "of it deletion", "peak MB"], style });
  for (const { name, contender, microsecondsPerItem, deletionMilliseconds, cpuMilliseconds, peakBytes } of rows)
    times.push([
      name,
      contender,
      microsecondsPerItem.toFixed(2),
      ((microsecondsPerItem * deletionMilliseconds) / cpuMilliseconds).toFixed(2),
      (peakBytes / 2 ** 20).toFixed(0),
    ]);
  const table = new Table({ head: ["ratio or figure", "measured", "at most", ""], style });
  for (const bar of bars)
    table.push([
      bar.what,
      `${bar.measured.toPrecision(3)} ${bar.unit}`.trim(),
      bar.bar,
      isMet(bar) ? "met" : "NOT MET",
    ]);
  const lines = [times.toString(), table.toString()];
  if (!bars.every(isMet)) lines.push("--case NAME --profile shows in which functions the time of a case goes.");
  return lines.join("\n");
}

/** Where the time of a case went. */
export function printProfile(name: CaseName, items: number, functions: readonly HotFunction[]): string {
  const table = new Table({ head: ["own time", "function", "where"], style });
  for (const { name: functionName, place, share } of functions)
    table.push([`${(share * 100).toFixed(1)} %`, functionName, place]);
  return `${name}, ours, ${items} items\n${table.toString()}`;
}
