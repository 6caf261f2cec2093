/** `npm run bench -- [--items N] [--json] [--scale=false]`: what the framework costs, compared in one run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import yargs from "yargs";
import { Bench, type Bar, type Row } from "./bars.js";
import { Measurements, rounds } from "./measurements.js";
import { measureStartUp } from "./startUp.js";

const flags = yargs(process.argv.slice(2))
  .options({
    items: { type: "number", default: 20_000, describe: "Items of the source" },
    scale: { type: "boolean", default: true, describe: "Compare 1,000,000 with 10,000 items, which takes minutes" },
    json: { type: "boolean", default: false, describe: "Print JSON" },
  })
  .strict()
  .parseSync();

const explanation = `
${flags.items} physical elements with box geometry in one file; in the case of files, in ten of which one has changed by 1%.
Measured is the CPU time of a process of its own, from the source in memory to the saved iModel, the least of ${rounds} rounds
in which the contenders take turns.
  raw       insertElement and insertAspect, updateElement and updateAspect, deleteElement of what is known to differ
  per-item  a synchronizer of forty lines that asks the iModel for the provenance of each item
  ours      the framework through its public API
"Deletion, nothing to delete" is what the search for vanished items adds to an unchanged run, against the whole run of
per-item; "1% deleted" is the search with the deletion, against bare deleteElement of the same elements.
`.trim();

const folder = mkdtempSync(join(tmpdir(), "connector-bench-"));
try {
  const bench = new Bench(new Measurements(folder), flags.items, (line) => process.stderr.write(`${line}\n`));
  bench.measureCases();
  if (flags.scale) bench.measureScale();
  bench.measureStartUp(() => measureStartUp(folder));
  if (flags.json) process.stdout.write(`${JSON.stringify({ rows: bench.rows, bars: bench.bars }, undefined, 2)}\n`);
  else print(bench.rows, bench.bars);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(rows: Row[], bars: Bar[]): void {
  const style = { head: [], border: [] };
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
  for (const { what, measured, bar, unit } of bars)
    table.push([what, `${measured.toPrecision(3)} ${unit}`.trim(), bar, measured <= bar ? "met" : "NOT MET"]);
  process.stdout.write(`${[explanation, times.toString(), table.toString()].join("\n")}\n`);
}
