/**
 * `npm run bench:connectors -- [--records N] [--format csv …]`: what a run of a connector costs, against reading the same
 * file with nothing but its parser, in one process for each format.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import yargs from "yargs";
import { formats } from "./formats.js";
import type { ConnectorFigures } from "./measure.js";

const flags = yargs(process.argv.slice(2))
  .options({
    records: { type: "number", default: 50_000, describe: "Records of each source" },
    format: { type: "array", string: true, choices: Object.keys(formats), default: Object.keys(formats) },
  })
  .strict()
  .parseSync();

/** The most that reading a source again may cost, in times of its parser. */
const bars: Readonly<Record<string, number>> = { csv: 2.2, json: 2.5, geojson: 3, sqlite: 2, xlsx: 1.3 };

const explanation = `
${flags.records} records of eight columns. Times are CPU seconds of a process, ratios are against the parser alone.
  first      the run that makes the iModel
  unchanged  the same source again: it is only hashed. At most 3 times the parser
  reread     the same source, read again because an argument changed, as it is when one record changed: each record is
             parsed, hashed and looked up once
  records    what the records cost of that: without an unchanged run, which opens the iModel and hashes the source
  resident   the most memory of the process in the unchanged runs
`.trim();

const style = { head: [], border: [] };
const table = new Table({
  head: [
    ...["format", "parser", "first", "unchanged", "reread"],
    ...["unchanged / parser", "reread / parser", "at most", "records / parser", "resident MB"],
  ],
  style,
});
for (const name of flags.format) {
  const { parse, first, unchanged, reread, residentBytes } = measure(name);
  const ratio = (seconds: number) => (seconds / parse).toFixed(2);
  table.push([
    name,
    ...[parse, first, unchanged, reread].map((seconds) => seconds.toFixed(2)),
    ...[ratio(unchanged), ratio(reread), bars[name] ?? "", ratio(reread - unchanged)],
    (residentBytes / 2 ** 20).toFixed(0),
  ]);
  process.stderr.write(`${name} is measured\n`);
}
process.stdout.write(`${explanation}\n${table.toString()}\n`);

function measure(format: string): ConnectorFigures {
  const worker = fileURLToPath(new URL("./measure.ts", import.meta.url));
  const args = [...process.execArgv, worker, format, `${flags.records}`];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${format} could not be measured:\n${stderr}`);
  return JSON.parse(stdout) as ConnectorFigures;
}
