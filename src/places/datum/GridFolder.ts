import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import proj4 from "proj4";
import { ConnectorError } from "../../ConnectorError.js";
import type { Area, Datum } from "../model.js";
import type { Degrees } from "./chooseShift.js";
import { contains } from "./chooseShift.js";

/** A grid of a folder, as its header describes it. */
export interface GridFile {
  readonly path: string;
  /** In small letters. */
  readonly name: string;
  /** The datums that it leads from and to, as the file has them. */
  readonly from: string;
  readonly to: string;
  /** The semi-major axes of the two datums, in metres. */
  readonly semiMajorFrom: number;
  readonly semiMajorTo: number;
  readonly area: Area;
}

const recordLength = 16;
const headerRecords = 11;

/** NTv2 grids (`.gsb`) in a folder that the user names. */
export class GridFolder {
  private readonly _files: readonly GridFile[];

  /** @throws ConnectorError `places/no-grids`, `places/damaged-grid` */
  public constructor(public readonly folder: string) {
    this._files = list(folder).map((name) => readHeader(join(folder, name)));
  }

  /** The grids that lead from a datum to the place, the most detailed first. */
  public find(datum: Datum, place: Degrees): GridFile[] {
    const fitting = this._files.filter((file) => fits(file, datum) && contains(file.area, place));
    return fitting.sort((left, right) => sizeOf(left.area) - sizeOf(right.area));
  }

  /** A grid by the name of its file. */
  public byName(name: string): GridFile | undefined {
    return this._files.find((file) => file.name === basename(name).toLowerCase());
  }
}

/** The function that shifts longitude and latitude by a grid; both in radians. NaN where the grid has no value. */
export function gridShift(
  file: GridFile,
  { ellipsoid, meridian }: Datum,
): {
  forward(longitude: number, latitude: number): [number, number];
  back(longitude: number, latitude: number): [number, number];
} {
  if (meridian !== 0) throw new RangeError("grids are for longitudes from Greenwich");
  const content = readFileSync(file.path);
  const bytes = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
  try {
    proj4.nadgrid(file.path, bytes);
  } catch (error) {
    throw damaged(file.path, error);
  }
  const shape = ellipsoid.inverseFlattening === 0 ? "" : `+rf=${ellipsoid.inverseFlattening}`;
  const converter = proj4(`+proj=longlat +a=${ellipsoid.semiMajor} ${shape} +nadgrids=${file.path}`, "WGS84");
  const shifted = (
    convert: (at: [number, number]) => [number, number],
    longitude: number,
    latitude: number,
  ): [number, number] => {
    const [east, north] = convert([(longitude * 180) / Math.PI, (latitude * 180) / Math.PI]);
    return [(east * Math.PI) / 180, (north * Math.PI) / 180];
  };
  return {
    forward: (longitude, latitude) => shifted((at) => converter.forward<[number, number]>(at), longitude, latitude),
    back: (longitude, latitude) => shifted((at) => converter.inverse<[number, number]>(at), longitude, latitude),
  };
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.gsb$/i.test(name))
      .sort();
  } catch (error) {
    throw new ConnectorError("places/no-grids", `There is no folder of grids at ${folder}.`, {
      cause: error,
      advice: "Give the path of a folder with NTv2 grids (.gsb).",
    });
  }
}

/** By the name of the file, which is published for the datum, or by what the header says. */
function fits(file: GridFile, { name, ellipsoid, grids }: Datum): boolean {
  if (grids.some((grid) => grid.name === file.name)) return true;
  const isEllipsoid = Math.abs(file.semiMajorFrom - ellipsoid.semiMajor) < 1;
  return isEllipsoid && isModernAxis(file.semiMajorTo) && isNamed(file.from, name);
}

/** Headers have eight letters for a name: `DHDN90`, `ED50`, `AGD66`. */
function isNamed(from: string, datum: string): boolean {
  const short = from.toLowerCase().replace(/[^a-z]/g, "");
  if (short.length < 2) return false;
  const initials = [...datum.matchAll(/[A-Z]|(?<=[^a-z])[a-z]/g)].join("").toLowerCase();
  return (
    datum
      .toLowerCase()
      .replace(/[^a-z]/g, "")
      .startsWith(short) ||
    initials.startsWith(short) ||
    knownAs(short, datum)
  );
}

/** Short names that are no initials of the names in the EPSG Dataset. */
function knownAs(short: string, datum: string): boolean {
  const names: Readonly<Record<string, RegExp>> = {
    dhdn: /Deutsches Hauptdreiecksnetz/,
    ed: /^European Datum/,
    nad: /^North American Datum/,
    osgb: /^Ordnance Survey of Great Britain/,
    rd: /^Amersfoort/,
    ntf: /^Nouvelle Triangulation Fran/,
    mgi: /^Militar-Geographische/,
    sjtsk: /^System of the Unified Trigonometrical Cadastral Network/,
  };
  return names[short]?.test(datum) ?? false;
}

function isModernAxis(semiMajor: number): boolean {
  return Math.abs(semiMajor - 6378137) < 1;
}

/** The NTv2 header: eleven records of a name of eight letters and eight bytes; then the same for each grid within. */
function readHeader(path: string): GridFile {
  const bytes = Buffer.alloc(2 * headerRecords * recordLength);
  const file = openSync(path, "r");
  try {
    const count = readSync(file, bytes, 0, bytes.length, 0);
    if (count < bytes.length || bytes.toString("latin1", 0, 8) !== "NUM_OREC")
      throw new SyntaxError("it has no header of NTv2");
  } catch (error) {
    throw damaged(path, error);
  } finally {
    closeSync(file);
  }
  const isLittle = bytes.readInt32LE(8) === headerRecords;
  const double = (record: number) => {
    const place = record * recordLength + 8;
    return isLittle ? bytes.readDoubleLE(place) : bytes.readDoubleBE(place);
  };
  const text = (record: number) =>
    bytes.toString("latin1", record * recordLength + 8, (record + 1) * recordLength).replace(/[\0 ]+$/, "");
  const grid = headerRecords;
  const [south, north, east, west] = [4, 5, 6, 7].map((record) => double(grid + record) / 3600) as [
    number,
    number,
    number,
    number,
  ];
  checkSize(
    path,
    isLittle ? bytes.readInt32LE((grid + 10) * recordLength + 8) : bytes.readInt32BE((grid + 10) * recordLength + 8),
  );
  return {
    path,
    name: basename(path).toLowerCase(),
    from: text(5),
    to: text(6),
    semiMajorFrom: double(7),
    semiMajorTo: double(9),
    area: [-west, south, -east, north], // longitudes are positive to the west
  };
}

function checkSize(path: string, nodes: number): void {
  const least = (2 * headerRecords + nodes) * recordLength;
  if (!(nodes > 0) || statSync(path).size < least) throw damaged(path, new SyntaxError("it is cut off"));
}

function damaged(path: string, cause: unknown): ConnectorError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConnectorError("places/damaged-grid", `The grid ${path} cannot be read: ${reason}.`, {
    cause,
    source: { file: path },
    advice: "Get the file again, or take it out of the folder.",
  });
}

function sizeOf([west, south, east, north]: Area): number {
  return (east - west) * (north - south);
}
