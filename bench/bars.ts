import type { Measurements } from "./measurements.js";
import type { CaseName } from "./cases.js";
import type { ContenderName, Figures } from "./worker.js";

/** One figure that the project is held to. */
export interface Bar {
  what: string;
  measured: number;
  bar: number;
  unit: string;
}

/** What is measured for one contender in one case. */
export interface Row extends Figures {
  name: string;
  contender: string;
  microsecondsPerItem: number;
}

/** Items of the comparison of scales. */
const [small, large] = [10_000, 1_000_000];

/** Measures all cases of a number of items, and compares them with the bars. */
export class Bench {
  public readonly rows: Row[] = [];
  public readonly bars: Bar[] = [];

  public constructor(
    private readonly _measurements: Measurements,
    private readonly _items: number,
    private readonly _log: (line: string) => void,
  ) {}

  public measureCases(): void {
    this._measureFirst();
    this._measureUnchanged();
    const [changed, perItem] = this._measure("changed", ["ours", "per-item", "raw"]);
    this._compare("1% changed / per-item", changed!, perItem!, 0.08);
    const [deleted, raw] = this._measure("deleted", ["ours", "raw", "per-item"]);
    const ratio = deleted!.deletionMilliseconds / raw!.deletionMilliseconds;
    this._hold("1% deleted, the deletion / raw deleteElement", ratio, 1.3);
    this._measure("files", ["ours", "per-item"]);
  }

  /** Without geometry, which an unchanged run does not touch. */
  public measureScale(): void {
    const [few] = this._measure("unchanged", ["ours"], small, false);
    const [many] = this._measure("unchanged", ["ours"], large, false);
    const ratio = many!.microsecondsPerItem / few!.microsecondsPerItem;
    this._hold(`cost per item unchanged, ${large} / ${small} items`, ratio, 1.3);
    const { bytesPerItem, bytesPerMetItem } = this._measurements.measureIndex(large);
    this._hold("memory per known item in the index", bytesPerItem, 400, "bytes");
    this._hold("… when all were met", bytesPerMetItem, 400, "bytes");
  }

  /** Measures an empty run of the command line. */
  public measureStartUp(measure: () => number): void {
    this._hold("empty run, the whole process", measure() / 1000, 3, "s of CPU");
  }

  private _measureFirst(): void {
    const [ours, raw, perItem] = this._measure("first", ["ours", "raw", "per-item"]);
    this._compare("first run / raw insertElement + insertAspect", ours!, raw!, 0.85);
    this._compare("first run / per-item", ours!, perItem!, 0.6);
  }

  private _measureUnchanged(): void {
    const [ours, perItem] = this._measure("unchanged", ["ours", "per-item"]);
    this._compare("unchanged / per-item", ours!, perItem!, 0.04);
    const ratio = ours!.deletionMilliseconds / perItem!.cpuMilliseconds;
    this._hold("deletion, nothing to delete / per-item", ratio, 0.02);
  }

  private _measure(name: CaseName, contenders: ContenderName[], items = this._items, geometry = true): Row[] {
    const rows = this._measurements.measure(name, contenders, items, geometry).map((figures, index) => ({
      name: items === this._items ? name : `${name}, ${items}`,
      contender: contenders[index]!,
      microsecondsPerItem: (figures.cpuMilliseconds * 1000) / items,
      ...figures,
    }));
    for (const row of rows)
      this._log(`${row.name}, ${row.contender}: ${row.microsecondsPerItem.toFixed(2)} µs per item`);
    this.rows.push(...rows);
    return rows;
  }

  private _compare(what: string, ours: Row, other: Row, bar: number): void {
    this._hold(what, ours.cpuMilliseconds / other.cpuMilliseconds, bar);
  }

  private _hold(what: string, measured: number, bar: number, unit = ""): void {
    this.bars.push({ what, measured, bar, unit });
  }
}
