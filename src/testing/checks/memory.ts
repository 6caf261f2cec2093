import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ConnectorRunner } from "../../run/ConnectorRunner.js";
import type { ConformanceCheck } from "../bench/ConformanceCheck.js";
import { expectThat, Skipped } from "../bench/Finding.js";
import type { MemoryBound } from "../bench/SampleDescription.js";
import { usedHeap } from "../bench/usedHeap.js";

const defaultBound: MemoryBound = { entities: 10_000, bytesPerEntity: 1000, bytesForAll: 50_000_000 };

/** How often the heap is measured while entities are read. Each time costs a garbage collection. */
const measurements = 10;

/** What a run holds in memory depends on the number of entities, not on their size. */
export const memory: ConformanceCheck = {
  name: "memory",
  title: "holds a bounded amount of memory, however large the source is",
  async run({ bench, sample, sync, generate }) {
    if (generate === undefined) throw new Skipped("the sample has no generate.js that writes a large source");
    const bound = { ...defaultBound, ...sample.description.memory };
    const limit = bound.bytesForAll + bound.entities * bound.bytesPerEntity;
    await sync("first"); // so that modules are loaded, and the platform is warm
    rmSync(bench.sourceFolder, { recursive: true }); // in another folder it would be another document
    mkdirSync(bench.sourceFolder);
    const path = join(bench.sourceFolder, sample.sourceName("first"));
    const size = (await generate(path, bound.entities)) ?? statSync(path).size;
    const isTelling = size > limit;
    if (!isTelling) throw new Skipped(`the large source has ${inMb(size)}, and tells nothing below ${inMb(limit)}`);

    const meter = new HeapMeter(bound.entities);
    const { counts } = await bench.sync(path, { watch: (runner) => meter.watch(runner) });
    expectThat(counts.new > 0, `${bound.entities} new entities`, `${counts.new}`);
    const growth = meter.growth;
    expectThat(growth <= limit, `the heap to grow by ${inMb(limit)} at most`, `${inMb(growth)} for ${inMb(size)}`);
    return `the heap grew by ${inMb(growth)} (at most ${inMb(limit)}) for a source of ${inMb(size)}`;
  },
};

/** Measures what is in use when a run begins, at each phase, and from time to time while entities are read. */
class HeapMeter {
  private readonly _interval: number;
  private _start = 0;
  private _most = 0;
  private _phase?: string;
  private _next = 1;

  public constructor(entities: number) {
    this._interval = Math.max(1, Math.floor(entities / measurements));
  }

  public get growth(): number {
    return Math.max(0, this._most - this._start);
  }

  public watch(runner: ConnectorRunner): void {
    this._start = usedHeap();
    runner.onProgress.addListener(({ phase, items }) => {
      if (phase === this._phase && items < this._next) return;
      if (items >= this._next) this._next += this._interval;
      this._phase = phase;
      this._most = Math.max(this._most, usedHeap());
    });
  }
}

function inMb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
