/**
 * Measures the IFC connector on large files: `npm run bench:ifc-size -- [megabytes or file ...]`, on storeys of the sample
 * house repeated to these sizes (43 and 200 MB without arguments), or on copies of files. It prints the most memory of a
 * first run, which has a process of its own, and what a run costs in which one wall changed, against web-ifc's parsing of
 * the whole file. 1,000 MB take an hour and 4 GB of disk.
 */
import { spawnSync } from "node:child_process";
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeSync } from "node:fs"; // prettier-ignore
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { ConnectorJobDefArgs, ConnectorRunner } from "itwin-connector-framework";
import type * as WebIfc from "web-ifc";
import { startHost } from "../src/imodel/host.js";

const connectorFolder = fileURLToPath(new URL("../connectors/ifc/", import.meta.url));

/** web-ifc gets a whole file in one buffer. */
const mostForWebIfc = 2 ** 31 - 1;

/** Milliseconds of the clock and of all processors, and the most memory of the process in MB. */
interface Use {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

const [, , ...args] = process.argv;
if (args[0] === "--run") await reportUse(() => run(args[1]!));
else if (args[0] === "--parse") await reportUse(() => parse(args[1]!));
else for (const subject of args.length === 0 ? ["43", "200"] : args) measure(subject);

function measure(subject: string): void {
  const folder = mkdtempSync(join(tmpdir(), "bench-ifc-"));
  const source = join(folder, "tower.ifc");
  if (extname(subject) === ".ifc") copyFileSync(subject, source);
  else repeatHouse(source, subject);
  const { size } = statSync(source);
  console.log(`${basename(subject)}: ${(size / 1e6).toFixed(0)} MB`);
  print("first run", useOf("--run", source));
  renameWall(source);
  const changed = useOf("--run", source);
  print("one wall changed", changed);
  if (size <= mostForWebIfc) {
    const parsing = useOf("--parse", source);
    print("web-ifc's parsing", parsing);
    console.log(`  one wall changed / parsing: ${(changed.cpu / parsing.cpu).toFixed(1)}; at most 4 is wanted`);
  }
  rmSync(folder, { recursive: true });
}

function repeatHouse(target: string, megabytes: string): void {
  const house = join(connectorFolder, "sample/1-first/house.ifc");
  spawnSync(process.execPath, [join(connectorFolder, "scripts/repeat-storeys.js"), house, target, megabytes]);
}

/** Gives the first wall of a file a name that is as long as its old one. */
function renameWall(file: string): void {
  const handle = openSync(file, "r+");
  const head = Buffer.alloc(Math.min(statSync(file).size, 64 * 1024 * 1024));
  readSync(handle, head, 0, head.length, 0);
  const wall = /=\s*IFCWALL\w*\('[^']{22}',[^,]*,'(?=\w)/.exec(head.toString("latin1"));
  if (wall === null) throw new Error("no wall with a name");
  writeSync(handle, "~", wall.index + wall[0].length);
  closeSync(handle);
}

/** What one of the modes of this program uses, in a process of its own. */
function useOf(mode: string, source: string): Use {
  const flags = [...process.execArgv, fileURLToPath(import.meta.url), mode, source];
  const { stdout } = spawnSync(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Use;
}

async function reportUse(work: () => Promise<void>): Promise<void> {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ wall: performance.now() - wall, cpu: (user + system) / 1000, memory } satisfies Use));
}

async function run(sourcePath: string): Promise<void> {
  const stopHost = await startHost();
  const connectorModule = join(connectorFolder, "lib/index.js");
  const outputDir = join(sourcePath, "..");
  const job = Object.assign(new ConnectorJobDefArgs(), { connectorModule, sourcePath, outputDir, isSnapshot: true });
  const runner = new ConnectorRunner(job);
  await runner.synchronize();
  await stopHost();
  if (runner.result.error !== undefined) throw runner.result.error;
}

async function parse(source: string): Promise<void> {
  const webIfc = createRequire(join(connectorFolder, "package.json"))("web-ifc") as typeof WebIfc;
  const api = new webIfc.IfcAPI();
  await api.Init();
  api.OpenModel(readFileSync(source));
}

function print(name: string, { wall, cpu, memory }: Use): void {
  const times = `${wall.toFixed(0).padStart(8)} ms, of processors ${cpu.toFixed(0).padStart(8)} ms`;
  console.log(`  ${name.padEnd(18)} ${times}, most memory ${memory.toFixed(0).padStart(5)} MB`);
}
