/**
 * `npm run bench -- [--items N] [--case NAME]... [--json] [--scale=false] [--profile]`: what the framework costs, compared
 * in one run. The exit code is 1 when a bar is not met.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import yargs from "yargs";
import { Bench, isMet, partNames } from "./bars.js";
import { caseNames } from "./cases.js";
import { Measurements } from "./measurements.js";
import { explain, printFigures, printProfile } from "./report.js";

const flags = yargs(process.argv.slice(2))
  .options({
    items: { type: "number", default: 20_000, describe: "Items of the source" },
    case: { choices: partNames, array: true, requiresArg: true, describe: "Measure this alone; can be repeated" },
    scale: { type: "boolean", default: true, describe: "Compare 1,000,000 with 10,000 items, which takes minutes" },
    json: { type: "boolean", default: false, describe: "Print JSON" },
    profile: { type: "boolean", default: false, describe: "Say in which functions the framework spends its time" },
  })
  .strict()
  .parseSync();

const parts = flags.case ?? partNames.filter((name) => flags.scale || name !== "scale");
const folder = mkdtempSync(join(tmpdir(), "connector-bench-"));
try {
  const measurements = new Measurements(folder);
  if (flags.profile) profileParts(measurements);
  else measureParts(measurements);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measureParts(measurements: Measurements): void {
  const bench = new Bench(measurements, flags.items, (line) => process.stderr.write(`${line}\n`));
  for (const part of parts) bench.measure(part);
  const { rows, bars } = bench;
  if (flags.json) print(JSON.stringify({ rows, bars }, undefined, 2));
  else print(`${explain(flags.items)}\n${printFigures(rows, bars)}`);
  if (!bars.every(isMet)) process.exitCode = 1;
}

function profileParts(measurements: Measurements): void {
  const profiles = caseNames
    .filter((name) => (parts as readonly string[]).includes(name))
    .map((name) => ({ name, functions: measurements.profile(name, flags.items) }));
  if (flags.json) print(JSON.stringify({ profiles }, undefined, 2));
  else for (const { name, functions } of profiles) print(printProfile(name, flags.items, functions));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
