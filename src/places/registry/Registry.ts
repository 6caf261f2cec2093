import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { expectDefined } from "@itwin/core-bentley";
import type {
  Area,
  CrsDefinition,
  Datum,
  Ellipsoid,
  HelmertValues,
  PublishedGrid,
  PublishedShift,
  VerticalSystem,
} from "../model.js";
import { normalize } from "./names.js";

type GeographicRow = [code: number, name: string, aliases: string, datum: number, unit: number, area: number];
type ProjectedRow = [
  code: number,
  name: string,
  aliases: string,
  datum: number,
  conversion: number,
  area: number,
  unit: number,
  axes?: string,
];

/** What `scripts/write-crs-registry.js` writes. Rows refer to others by their index. */
interface RegistryFile {
  readonly source: string;
  readonly ellipsoids: [name: string, aliases: string, semiMajor: number, inverseFlattening: number][];
  readonly datums: [name: string, aliases: string, ellipsoid: number, meridian: number][];
  readonly areas: Area[];
  readonly conversions: string[];
  readonly shifts: [code: number, accuracy: number | null, area: number, values: HelmertValues, isOffshore?: 1][][];
  readonly grids: [name: string, accuracy: number | null, area: number][][];
  readonly geographic: GeographicRow[];
  readonly projected: ProjectedRow[];
  readonly vertical: [code: number, name: string, metresPerUnit: number, isDown: 0 | 1][];
  readonly compound: [code: number, name: string, horizontal: number, vertical: number][];
  readonly geographic3d: [code: number, name: string, flat: number][];
}

const path = new URL("../../../src/places/registry/epsg.json.br", import.meta.url);

let loaded: Registry | undefined;

/** The horizontal systems of the EPSG Dataset that can be computed, with their datums. */
export class Registry {
  private readonly _datums: readonly Datum[];
  private readonly _rows = new Map<number, () => CrsDefinition>();
  private readonly _names = new Map<string, number>();
  private readonly _datumNames = new Map<string, Datum[]>();
  private readonly _ellipsoidNames = new Map<string, Ellipsoid>();
  private readonly _vertical = new Map<number, VerticalSystem>();
  private readonly _horizontalCodes: readonly number[];

  private constructor(private readonly _file: RegistryFile) {
    this._datums = _file.datums.map((_, index) => this._datumAt(index));
    this._addNames();
    for (const row of _file.geographic) this._add(row, () => this._geographic(row));
    for (const row of _file.projected) this._add(row, () => this._projected(row));
    this._horizontalCodes = [...this._rows.keys()];
    for (const [code, name, metresPerUnit, isDown] of _file.vertical)
      this._vertical.set(code, { name, metresPerUnit, isDown: isDown === 1, isEllipsoidal: false });
    this._addCompound();
  }

  /** It is loaded when it is first needed: a run without places does not pay for it. */
  public static get(): Registry {
    return (loaded ??= new Registry(
      JSON.parse(brotliDecompressSync(readFileSync(path)).toString("utf8")) as RegistryFile,
    ));
  }

  /** Where the data come from, as their licence wants it to be said. */
  public get source(): string {
    return this._file.source;
  }

  /** The codes of all horizontal systems. */
  public get codes(): readonly number[] {
    return this._horizontalCodes;
  }

  public byCode(code: number): CrsDefinition | undefined {
    return this._rows.get(code)?.();
  }

  /** By a name of the EPSG Dataset or of Esri. */
  public byName(name: string): CrsDefinition | undefined {
    const code = this._names.get(normalize(name));
    return code === undefined ? undefined : this.byCode(code);
  }

  /** All datums of a name: some were defined twice. Names of longitudes and latitudes count as those of their datum. */
  public datumsByName(name: string): readonly Datum[] {
    return this._datumNames.get(normalize(name)) ?? [];
  }

  public ellipsoidByName(name: string): Ellipsoid | undefined {
    return this._ellipsoidNames.get(normalize(name));
  }

  public verticalByCode(code: number): VerticalSystem | undefined {
    return this._vertical.get(code);
  }

  private _addNames(): void {
    for (const [index, [name, aliases]] of this._file.ellipsoids.entries())
      for (const each of allNames(name, aliases)) addFirst(this._ellipsoidNames, each, this._ellipsoidAt(index));
    for (const [index, [name, aliases]] of this._file.datums.entries()) this._addDatumNames(index, name, aliases);
    for (const [, name, aliases, datum] of this._file.geographic) this._addDatumNames(datum, name, aliases);
  }

  private _addDatumNames(index: number, name: string, aliases: string): void {
    const datum = expectDefined(this._datums[index]);
    for (const each of allNames(name, aliases)) {
      const key = normalize(each);
      const known = this._datumNames.get(key);
      if (known === undefined) this._datumNames.set(key, [datum]);
      else if (!known.includes(datum)) known.push(datum);
    }
  }

  private _add([code, name, aliases]: GeographicRow | ProjectedRow, make: () => CrsDefinition): void {
    this._rows.set(code, make);
    for (const each of allNames(name, aliases)) addFirst(this._names, each, code);
  }

  private _addCompound(): void {
    for (const [code, name, horizontal, vertical] of this._file.compound) {
      const make = this._rows.get(horizontal);
      if (make === undefined) continue;
      this._rows.set(code, () => ({ ...make(), name, code, vertical: this._vertical.get(vertical) }));
      addFirst(this._names, name, code);
    }
    for (const [code, name, flat] of this._file.geographic3d) {
      const make = this._rows.get(flat);
      addFirst(this._names, name, code);
      const vertical = { name: "ellipsoidal height", metresPerUnit: 1, isDown: false, isEllipsoidal: true };
      if (make !== undefined) this._rows.set(code, () => ({ ...make(), code, vertical }));
    }
  }

  private _geographic([code, name, , datum, unit, area]: GeographicRow): CrsDefinition {
    return {
      name,
      code,
      datum: expectDefined(this._datums[datum]),
      unit,
      axes: "en",
      area: this._file.areas[area],
      notes: [],
    };
  }

  private _projected([code, name, , datum, conversion, area, unit, axes = "en"]: ProjectedRow): CrsDefinition {
    const projection = this._file.conversions[conversion];
    return {
      name,
      code,
      datum: expectDefined(this._datums[datum]),
      projection,
      unit,
      axes,
      area: this._file.areas[area],
      notes: [],
    };
  }

  private _ellipsoidAt(index: number): Ellipsoid {
    const [name, , semiMajor, inverseFlattening] = expectDefined(this._file.ellipsoids[index]);
    return { name, semiMajor, inverseFlattening };
  }

  private _datumAt(index: number): Datum {
    const [name, , ellipsoid, meridian] = expectDefined(this._file.datums[index]);
    return {
      name,
      ellipsoid: this._ellipsoidAt(ellipsoid),
      meridian,
      shifts: expectDefined(this._file.shifts[index]).map((row) => this._shift(row)),
      grids: expectDefined(this._file.grids[index]).map((row) => this._grid(row)),
    };
  }

  private _shift([code, accuracy, area, values, isOffshore]: RegistryFile["shifts"][0][0]): PublishedShift {
    const where = expectDefined(this._file.areas[area]);
    return { code, accuracy: accuracy ?? undefined, area: where, values, isOffshore: isOffshore === 1 };
  }

  private _grid([name, accuracy, area]: RegistryFile["grids"][0][0]): PublishedGrid {
    return { name, accuracy: accuracy ?? undefined, area: expectDefined(this._file.areas[area]) };
  }
}

function allNames(name: string, aliases: string): string[] {
  return aliases === "" ? [name] : [name, ...aliases.split("|")];
}

function addFirst<T>(map: Map<string, T>, name: string, value: T): void {
  const key = normalize(name);
  if (!map.has(key)) map.set(key, value);
}
