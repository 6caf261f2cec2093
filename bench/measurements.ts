import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CaseName } from "./cases.js";
import type { IndexFigures } from "./indexMemory.js";
import type { HotFunction } from "./profile.js";
import { measureStartUp } from "./startUp.js";
import type { Assignment, ContenderName, Figures } from "./worker.js";

const workerPath = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Each figure is the least of so many rounds: what disturbs a measurement only ever adds to it. */
export const rounds = 4;

/** A prepared iModel on which measurements are taken, each on a copy of its own. */
export class Measurements {
  private readonly _prepared = new Set<string>();

  public constructor(private readonly _folder: string) {}

  /**
   * Measures contenders, in a process of its own for each round. They take turns, so that a machine that is slower for a
   * while is slower for all of them.
   */
  public measure(name: CaseName, contenders: ContenderName[], items: number, geometry = true): Figures[] {
    const figures = contenders.map((): Figures[] => []);
    for (let round = 0; round < rounds; round++)
      for (const [index, contender] of contenders.entries())
        figures[index]!.push(this._measureOnce(name, contender, items, geometry));
    return figures.map(best);
  }

  /** Measures the memory of an index. */
  public measureIndex(items: number): IndexFigures {
    const assignment = { task: "index", name: "unchanged", contender: "ours", items, geometry: false } as const;
    return this._runOnCopy(assignment) as IndexFigures;
  }

  /** Measures an empty run of the command line, in milliseconds of CPU time. */
  public measureStartUp(): number {
    return measureStartUp(this._folder);
  }

  /** Says in which functions the framework spends its time. */
  public profile(name: CaseName, items: number): HotFunction[] {
    return this._runOnCopy({ task: "profile", name, contender: "ours", items, geometry: true }) as HotFunction[];
  }

  private _measureOnce(name: CaseName, contender: ContenderName, items: number, geometry: boolean): Figures {
    return this._runOnCopy({ task: "measure", name, contender, items, geometry }) as Figures;
  }

  private _runOnCopy(assignment: Omit<Assignment, "file">): unknown {
    const file = join(this._folder, "copy.bim");
    copyFileSync(this._prepare(assignment.name, assignment.items, assignment.geometry), file);
    try {
      return runWorker({ ...assignment, file });
    } finally {
      for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
    }
  }

  /** All cases of one file start from the same iModel; but the first run starts from one without boxes. */
  private _prepare(name: CaseName, items: number, geometry: boolean): string {
    const start = name === "first" || name === "files" ? name : "unchanged";
    const file = join(this._folder, `${start}-${items}-${geometry}.bim`);
    if (!this._prepared.has(file)) {
      runWorker({ task: "prepare", name: start, contender: "ours", items, file, geometry });
      this._prepared.add(file);
    }
    return file;
  }
}

function best(figures: Figures[]): Figures {
  return {
    cpuMilliseconds: Math.min(...figures.map(({ cpuMilliseconds }) => cpuMilliseconds)),
    deletionMilliseconds: Math.min(...figures.map(({ deletionMilliseconds }) => deletionMilliseconds)),
    peakBytes: Math.max(...figures.map(({ peakBytes }) => peakBytes)),
  };
}

function runWorker(assignment: Assignment): unknown {
  const args = [
    ...process.execArgv,
    "--expose-gc",
    "--max-old-space-size=8192",
    workerPath,
    JSON.stringify(assignment),
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`The worker failed at ${JSON.stringify(assignment)}:\n${stderr}`);
  return JSON.parse(stdout);
}
