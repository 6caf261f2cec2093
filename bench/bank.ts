/** `npm run bench:bank -- [--items N] [--changesets N]`: what versioned iModels in a bank cost, compared in one run. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import yargs from "yargs";
import { changesetsPerCheckpoint } from "../src/imodel/BankedIModel.js";
import type { BankAssignment } from "./bankWorker.js";

const flags = yargs(process.argv.slice(2))
  .options({
    items: { type: "number", default: 20_000, describe: "Rows of the CSV file" },
    changesets: { type: "number", default: 1000, describe: "Changesets that are pulled" },
    rounds: { type: "number", default: 3, describe: "Rounds of which the least counts" },
  })
  .strict()
  .parseSync();

const worker = fileURLToPath(new URL("./bankWorker.ts", import.meta.url));
const command = fileURLToPath(new URL("../lib/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bank-bench-"));
const sourcePath = join(folder, "bench.csv");

type Bar = [what: string, measured: number, atMost: number];

try {
  writeFileSync(sourcePath, makeRows(flags.items));
  print([...measureRuns(), ...measurePulls()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A first run of new elements, and one in which nothing changed, on a bank and on a standalone iModel in turns. */
function measureRuns(): Bar[] {
  const times = { first: { bank: [], standalone: [] }, unchanged: { bank: [], standalone: [] } } as Record<
    "first" | "unchanged",
    Record<"bank" | "standalone", number[]>
  >;
  for (let round = 0; round < flags.rounds; round++)
    for (const target of ["standalone", "bank"] as const) {
      const place = join(folder, `${target}-${round}`);
      mkdirSync(place);
      if (target === "bank") createBank(place);
      for (const name of ["first", "unchanged"] as const)
        times[name][target].push(work({ task: "run", target, folder: place, sourcePath }));
    }
  const ratio = ({ bank, standalone }: Record<"bank" | "standalone", number[]>) =>
    Math.min(...bank) / Math.min(...standalone);
  return [
    [`run of ${flags.items} new elements, bank against standalone`, ratio(times.first), 1.5],
    ["unchanged run, bank against standalone", ratio(times.unchanged), 1.2],
  ];
}

/** A pull of all changesets against one of a tenth of them, and a checkout next to a checkpoint. */
function measurePulls(): Bar[] {
  const place = join(folder, "history");
  mkdirSync(place);
  createBank(place, "bench");
  const shared = { folder: place, sourcePath };
  work({ task: "fill", upTo: flags.changesets, ...shared });
  const checkout = (version: number, name: string) => {
    const times = Array.from({ length: flags.rounds }, (_, round) =>
      work({ task: "checkout", version, file: join(folder, `${name}-${round}.bim`), ...shared }),
    );
    return Math.min(...times);
  };
  const [none, tenth, all] = [0, flags.changesets / 10, flags.changesets].map((version) =>
    checkout(version, `at-${version}`),
  ) as [number, number, number];
  work({ task: "checkpoint", version: Math.max(0, flags.changesets - changesetsPerCheckpoint), ...shared });
  const near = checkout(flags.changesets, "near");
  return [
    [
      `time per changeset, ${flags.changesets} against ${flags.changesets / 10}`,
      (all - none) / 10 / (tenth - none),
      1.2,
    ],
    [`checkout from a checkpoint ${changesetsPerCheckpoint} changesets before, against one without`, near / all, 0.5],
  ];
}

function createBank(place: string, ...imodel: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [command, "bank", "create", place, ...imodel], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}

/** Has something done in a process of its own. @returns the CPU time that it took, in milliseconds */
function work(assignment: BankAssignment): number {
  const args = [...process.execArgv, worker, JSON.stringify(assignment)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`The worker failed at ${JSON.stringify(assignment)}:\n${stderr}`);
  return Number(stdout);
}

function makeRows(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const place = [index % 100, Math.floor(index / 100) % 100, Math.floor(index / 10_000)];
    return `P-${index},Pump ${index},Pump,${place.join(",")},${(index % 997) / 10},2020-01-01,true`;
  });
  return `${["id,name,type,x,y,z,weight_kg,installed,in_service", ...rows].join("\n")}\n`;
}

function print(bars: Bar[]): void {
  const table = new Table({ head: ["ratio of CPU times", "measured", "at most", ""], style: { head: [], border: [] } });
  for (const [what, measured, atMost] of bars)
    table.push([what, measured.toFixed(2), atMost, measured <= atMost ? "met" : "NOT MET"]);
  process.stdout.write(`${table.toString()}\n`);
}
