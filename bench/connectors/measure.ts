/**
 * Measures one format in a process of its own: its name and the number of records are the arguments, the figures are
 * printed as JSON.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConnectorJobDefArgs, ConnectorRunner, type ItemCounts } from "itwin-connector-framework";
import { startHost } from "../../src/imodel/host.js";
import { formats, type Format } from "./formats.js";

const [name, records] = [process.argv[2]!, Number(process.argv[3])];

/** CPU seconds of the process. */
export interface ConnectorFigures {
  parse: number;
  first: number;
  /** The same source again, which is only hashed. */
  unchanged: number;
  /** The same source again, where the connector has to read it and to recognize each record. */
  reread: number;
  /** The most memory that was resident during the unchanged runs, in bytes; 0 where the system does not tell. */
  residentBytes: number;
}

async function measure(format: Format): Promise<ConnectorFigures> {
  const path = join(folder, format.fileName);
  const connector = new Run(format, path);
  await format.write(path, records);
  const first = await connector.run({ new: records });
  resetPeak();
  const unchanged = await connector.run({});
  const reread = await connector.run({ unchanged: records }, { doDetectDeletedElements: false });
  const residentBytes = peakBytes();
  const parse = await seconds(async () => expectCount(await format.parse(path), records, "parsed"));
  return { parse, first, unchanged, reread, residentBytes };
}

/** Runs of a connector on one source. */
class Run {
  private readonly _module: string;

  public constructor(
    private readonly _format: Format,
    private readonly _path: string,
  ) {
    this._module = fileURLToPath(new URL(`../../connectors/${_format.connector}/lib/index.js`, import.meta.url));
  }

  /** @returns the CPU seconds that it took */
  public async run(expected: Partial<ItemCounts>, more: Partial<ConnectorJobDefArgs> = {}): Promise<number> {
    const job = { connectorModule: this._module, sourcePath: this._path, outputDir: folder, isSnapshot: true };
    const args = Object.assign(new ConnectorJobDefArgs(), job, { argsJson: this._format.args }, more);
    const runner = new ConnectorRunner(args);
    const time = await seconds(() => runner.synchronize());
    if (runner.result.error !== undefined) throw runner.result.error;
    for (const [key, value] of Object.entries(expected)) expectCount(runner.result.counts[key as "new"], value, key);
    return time;
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function expectCount(found: number, expected: number, what: string): void {
  if (found !== expected) throw new Error(`expected ${expected} ${what}, found ${found}`);
}

/** Linux keeps the peak in /proc, and begins anew when 5 is written there; elsewhere there is no such figure. */
function resetPeak(): void {
  if (existsSync("/proc/self/clear_refs")) writeFileSync("/proc/self/clear_refs", "5");
}

function peakBytes(): number {
  if (!existsSync("/proc/self/status")) return 0;
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}

const stopHost = await startHost();
const folder = mkdtempSync(join(tmpdir(), "connector-bench-"));
try {
  process.stdout.write(JSON.stringify(await measure(formats[name]!)));
} finally {
  rmSync(folder, { recursive: true, force: true });
  await stopHost();
}
