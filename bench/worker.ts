/**
 * One measurement in a process of its own, so that none inherits the heap or the warm code of another. It is told what to
 * measure as JSON in its argument, and prints the figures as JSON.
 */
import { startHost } from "../src/imodel/host.js";
import { makeDocuments, type CaseName } from "./cases.js";
import type { Contender, Site } from "./contenders.js";
import { measureIndex, type IndexFigures } from "./indexMemory.js";
import { Ours } from "./ours.js";
import { PerItem } from "./perItem.js";
import { profile, type HotFunction } from "./profile.js";
import { Raw } from "./raw.js";
import { createSite, openSite } from "./site.js";
import { Unchecked } from "./unchecked.js";

export type ContenderName = "raw" | "per-item" | "ours" | "unchecked";

/** What a worker is asked to do. */
export interface Assignment {
  task: "prepare" | "measure" | "index" | "profile";
  name: CaseName;
  contender: ContenderName;
  items: number;
  file: string;
  /** Whether the elements have geometry. Without it a million of them are made in a bearable time. */
  geometry: boolean;
}

/** What a worker has measured. CPU times of the process are used, because other programs disturb them least. */
export interface Figures {
  /** From the source in memory to the saved iModel. */
  cpuMilliseconds: number;
  /** The part of it that looks for vanished items and deletes them. */
  deletionMilliseconds: number;
  peakBytes: number;
}

const contenders: Record<ContenderName, (site: Site) => Contender> = {
  raw: (site) => new Raw(site),
  "per-item": () => new PerItem(),
  ours: (site) => new Ours(site),
  unchecked: (site) => new Unchecked(site),
};

const assignment = JSON.parse(process.argv[2]!) as Assignment;
const stopHost = await startHost();
const result = carryOut(assignment);
process.stdout.write(JSON.stringify(result));
await stopHost();

function carryOut({ task, ...rest }: Assignment): unknown {
  const tasks = { prepare, measure, index: measureMemory, profile: profileCase };
  return tasks[task](rest);
}

function measureMemory({ file, geometry, items }: Omit<Assignment, "task">): IndexFigures {
  const site = openSite(file, geometry);
  const figures = measureIndex(site, items);
  site.imodel.abandonChanges();
  site.imodel.close();
  return figures;
}

function prepare({ file, name, items, geometry }: Omit<Assignment, "task">): object {
  const site = createSite(file, geometry);
  const ours = new Ours(site);
  if (name !== "first") ours.synchronize(site, makeDocuments(name, items, true));
  site.imodel.saveChanges();
  site.imodel.close();
  return {};
}

function measure(assignment: Omit<Assignment, "task">): Figures {
  return withContender(assignment, (run) => {
    const start = process.cpuUsage();
    run.synchronize();
    const deletionStart = process.cpuUsage();
    run.deleteVanished();
    const deletionMilliseconds = millisecondsSince(deletionStart);
    run.save();
    const cpuMilliseconds = millisecondsSince(start);
    return { cpuMilliseconds, deletionMilliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
  });
}

/** Exactly what is measured: neither the start of the process nor the making of the source. */
function profileCase(assignment: Omit<Assignment, "task">): HotFunction[] {
  return withContender(assignment, (run) =>
    profile(() => {
      run.synchronize();
      run.deleteVanished();
      run.save();
    }),
  );
}

/** The steps of a run, with all that they need made before. */
interface PreparedRun {
  synchronize(): void;
  deleteVanished(): void;
  save(): void;
}

function withContender<T>(
  { file, name, contender, items, geometry }: Omit<Assignment, "task">,
  use: (run: PreparedRun) => T,
): T {
  const site = openSite(file, geometry);
  const documents = makeDocuments(name, items);
  const candidate = contenders[contender](site);
  globalThis.gc!(); // what loading the modules has left is nobody's cost
  const result = use({
    synchronize: () => candidate.synchronize(site, documents),
    deleteVanished: () => candidate.deleteVanished(site),
    save: () => site.imodel.saveChanges(),
  });
  site.imodel.close();
  return result;
}

function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
