/**
 * Measures the IFC connector: `npm run bench:ifc -- [--megabytes 20] [file.ifc ...]`; without files, on storeys of the
 * sample house repeated to that size. Each file has a process of its own, in which all is measured: web-ifc's parsing,
 * without and with meshing; the bare inserts of what the connector makes; a first run; a run on the same file; and one on
 * another export of the same model, whose instances have other numbers. Prints milliseconds, of the clock and of the
 * processors, and ratios.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { ConnectorJobDefArgs, ConnectorRunner } from "itwin-connector-framework";
import type * as WebIfc from "web-ifc";
import { startHost } from "../src/imodel/host.js";
import { RawCopy } from "./ifcRaw.js";

const connectorFolder = fileURLToPath(new URL("../connectors/ifc/", import.meta.url));
const webIfc = createRequire(join(connectorFolder, "package.json"))("web-ifc") as typeof WebIfc;

/** Milliseconds of the clock and of all processors. */
interface Cost {
  wall: number;
  cpu: number;
}

const [, , ...args] = process.argv;
if (args[0] === "--measure") await measure(args[1]!);
else for (const file of args.some(isFile) ? args.filter(isFile) : [makeTower()]) spawnMeasurement(file);

function isFile(argument: string): boolean {
  return extname(argument) === ".ifc";
}

function makeTower(): string {
  const megabytes = args.includes("--megabytes") ? args[args.indexOf("--megabytes") + 1]! : "20";
  const tower = join(mkdtempSync(join(tmpdir(), "bench-ifc-")), `tower${megabytes}.ifc`);
  const house = join(connectorFolder, "sample/1-first/house.ifc");
  spawnSync(process.execPath, [join(connectorFolder, "scripts/repeat-storeys.js"), house, tower, megabytes]);
  return tower;
}

function spawnMeasurement(file: string): void {
  const flags = [...process.execArgv, fileURLToPath(import.meta.url), "--measure", file];
  spawnSync(process.execPath, flags, { stdio: "inherit" });
}

async function measure(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-ifc-"));
  const source = join(folder, basename(file));
  copyFileSync(file, source);
  const stopHost = await startHost();
  const first = await costOf(() => run(source, folder));
  const copy = new RawCopy(join(folder, `${basename(file, ".ifc")}.bim`));
  const raw = await costOf(() => copy.write(join(folder, "raw.bim")));
  const unchanged = await costOf(() => run(source, folder));
  renumber(source);
  const renumbered = await costOf(() => run(source, folder));
  await stopHost();
  // Its memory stays with the process, so that it comes after the runs.
  const parse = await costOf(() => parseFile(source));
  const webIfcCost = await costOf(() => parseAndMesh(source));
  rmSync(folder, { recursive: true });
  print(file, { parse, "and mesh": webIfcCost, "raw inserts": raw, "first run": first, "unchanged": unchanged, "renumbered": renumbered }); // prettier-ignore
  printRatio("first run, processors / (parse and mesh + raw inserts)", first.cpu / (webIfcCost.cpu + raw.cpu), 1.5);
  printRatio("first run, clock / raw inserts", first.wall / raw.wall, 1.4);
  printRatio("unchanged, processors / parse", unchanged.cpu / parse.cpu, 1);
  printRatio("renumbered, processors / parse", renumbered.cpu / parse.cpu, 3);
  console.log(`  most memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: performance.now() - wall, cpu: (user + system) / 1000 };
}

async function parseFile(file: string): Promise<{ api: WebIfc.IfcAPI; model: number }> {
  const api = new webIfc.IfcAPI();
  await api.Init();
  return { api, model: api.OpenModel(readFileSync(file)) };
}

/** Gives each instance another number, in every line. */
function renumber(file: string): void {
  writeFileSync(
    file,
    readFileSync(file, "latin1").replace(/'(?:[^']|'')*'|#(\d+)/g, (all, id?: string) =>
      id === undefined ? all : `#${Number(id) + 7}`,
    ),
    "latin1",
  );
}

/** All that web-ifc has to do for the meshes of all products. */
async function parseAndMesh(file: string): Promise<void> {
  const { api, model } = await parseFile(file);
  for (const id of api.GetLineIDsWithType(model, webIfc.IFCPRODUCT, true)) {
    const { geometries } = api.GetFlatMesh(model, id);
    for (let index = 0; index < geometries.size(); index++) {
      const geometry = api.GetGeometry(model, geometries.get(index).geometryExpressID);
      api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
      geometry.delete();
    }
  }
  api.CloseModel(model);
}

async function run(sourcePath: string, outputDir: string): Promise<void> {
  const connectorModule = join(connectorFolder, "lib/index.js");
  const job = Object.assign(new ConnectorJobDefArgs(), { connectorModule, sourcePath, outputDir, isSnapshot: true });
  const runner = new ConnectorRunner(job);
  await runner.synchronize();
  if (runner.result.error !== undefined) throw runner.result.error;
}

function print(file: string, costs: Record<string, Cost>): void {
  console.log(basename(file));
  for (const [name, { wall, cpu }] of Object.entries(costs))
    console.log(
      `  ${name.padEnd(12)} ${wall.toFixed(0).padStart(8)} ms, of processors ${cpu.toFixed(0).padStart(8)} ms`,
    );
}

function printRatio(name: string, ratio: number, wanted: number): void {
  console.log(`  ${name}: ${ratio.toFixed(2)}; at most ${wanted} is wanted`);
}
