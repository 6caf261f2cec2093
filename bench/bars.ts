import type { Measurements } from "./measurements.js";
import { caseNames, type CaseName } from "./cases.js";
import type { ContenderName, Figures } from "./worker.js";

/** One figure that the project is held to. */
export interface Bar {
  what: string;
  measured: number;
  bar: number;
  unit: string;
}

/** Whether the project is as good as it is held to be. */
export function isMet({ measured, bar }: Bar): boolean {
  return measured <= bar;
}

/** What can be measured alone: the cases, a million items against ten thousand, and an empty run of the command line. */
export const partNames = [...caseNames, "scale", "start-up"] as const;
export type PartName = (typeof partNames)[number];

/** What is measured for one contender in one case. */
export interface Row extends Figures {
  name: string;
  contender: string;
  microsecondsPerItem: number;
}

/** Items of the comparison of scales. */
const [small, large] = [10_000, 1_000_000];

/** Measures cases of a number of items, and compares them with the bars. */
export class Bench {
  public readonly rows: Row[] = [];
  public readonly bars: Bar[] = [];
  private readonly _parts: Record<PartName, () => void> = {
    first: () => this._measureFirst(),
    unchanged: () => this._measureUnchanged(),
    changed: () => this._measureChanged(),
    deleted: () => this._measureDeleted(),
    files: () => void this._measure("files", ["ours", "per-item"]),
    scale: () => this._measureScale(),
    "start-up": () => this._measureStartUp(),
  };

  public constructor(
    private readonly _measurements: Measurements,
    private readonly _items: number,
    private readonly _log: (line: string) => void,
  ) {}

  public measure(part: PartName): void {
    this._parts[part]();
  }

  /** Without geometry, which an unchanged run does not touch. */
  private _measureScale(): void {
    const [few] = this._measure("unchanged", ["ours"], small, false);
    const [many] = this._measure("unchanged", ["ours"], large, false);
    const ratio = many!.microsecondsPerItem / few!.microsecondsPerItem;
    this._hold(`cost per item unchanged, ${large} / ${small} items`, ratio, 1.3);
    const { bytesPerItem, bytesPerMetItem } = this._measurements.measureIndex(large);
    this._hold("memory per known item in the index", bytesPerItem, 400, "bytes");
    this._hold("… when all were met", bytesPerMetItem, 400, "bytes");
  }

  private _measureStartUp(): void {
    this._hold("empty run, the whole process", this._measurements.measureStartUp() / 1000, 3, "s of CPU");
  }

  private _measureFirst(): void {
    const [ours, raw, perItem, unchecked] = this._measure("first", ["ours", "raw", "per-item", "unchecked"]);
    this._compare("first run / raw insertElement + insertAspect", ours!, raw!, 0.85);
    this._compare("first run / per-item", ours!, perItem!, 0.6);
    this._compare("first run / without checks of values", ours!, unchecked!, 1.03);
  }

  private _measureUnchanged(): void {
    const [ours, perItem] = this._measure("unchanged", ["ours", "per-item"]);
    this._compare("unchanged / per-item", ours!, perItem!, 0.04);
    const ratio = ours!.deletionMilliseconds / perItem!.cpuMilliseconds;
    this._hold("deletion, nothing to delete / per-item", ratio, 0.02);
  }

  private _measureChanged(): void {
    const [ours, perItem] = this._measure("changed", ["ours", "per-item", "raw"]);
    this._compare("1% changed / per-item", ours!, perItem!, 0.08);
  }

  private _measureDeleted(): void {
    const [ours, raw] = this._measure("deleted", ["ours", "raw", "per-item"]);
    const ratio = ours!.deletionMilliseconds / raw!.deletionMilliseconds;
    this._hold("1% deleted, the deletion / raw deleteElement", ratio, 1.3);
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
