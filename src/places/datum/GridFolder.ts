import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ConnectorError } from "../../ConnectorError.js";
import type { Area, Datum } from "../model.js";
import { contains, sizeOf, type Degrees } from "./chooseShift.js";
import { Ntv2Grid } from "./Ntv2Grid.js";

/** A grid of a folder. */
export interface GridFile {
  /** In small letters. */
  readonly name: string;
  readonly grid: Ntv2Grid;
}

/** The grids of each folder, which are no business of those who name it. */
const filesOf = new WeakMap<GridFolder, readonly GridFile[]>();

/**
 * NTv2 grids (`.gsb`) in a folder that the user names. Files are read once: when the folder is opened.
 * @public
 */
export class GridFolder {
  /**
   * Reads all grids of a folder.
   * @param folder - the path of the folder; folders within it are not searched
   * @throws ConnectorError `places/no-grids`, `places/damaged-grid`
   */
  public constructor(
    /** The path of the folder. */
    public readonly folder: string,
  ) {
    const files = list(folder).map((name) => ({ name: name.toLowerCase(), grid: read(join(folder, name)) }));
    filesOf.set(this, files);
  }
}

/** The grids of a folder that lead from a datum to the place, the most detailed first. */
export function findGrids(folder: GridFolder, datum: Datum, place: Degrees): GridFile[] {
  const fitting = (filesOf.get(folder) ?? []).filter((file) => fits(file, datum) && hasPlace(file, place));
  return fitting.sort((left, right) => smallest(left, place) - smallest(right, place));
}

/** Whether a grid has a place. */
export function hasPlace({ grid }: GridFile, place: Degrees): boolean {
  return grid.areas.some((area) => contains(area, place));
}

function smallest({ grid }: GridFile, place: Degrees): number {
  const sizes = grid.areas.filter((area) => contains(area, place)).map((area: Area) => sizeOf(area));
  return Math.min(...sizes);
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

function read(path: string): Ntv2Grid {
  try {
    return new Ntv2Grid(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectorError("places/damaged-grid", `The grid ${path} cannot be read: ${reason}.`, {
      cause: error,
      source: { file: path },
      advice: "Get the file again, or take it out of the folder.",
    });
  }
}

/** By the name of the file, which is published for the datum, or by what the header says. */
function fits({ name, grid }: GridFile, datum: Datum): boolean {
  if (datum.grids.some((published) => basename(published.name) === name)) return true;
  const { from, semiMajorFrom, semiMajorTo } = grid.header;
  const isEllipsoid = Math.abs(semiMajorFrom - datum.ellipsoid.semiMajor) < 1;
  return isEllipsoid && isModernAxis(semiMajorTo) && isNamed(from, datum.name);
}

/** Headers have eight letters for a name: `DHDN90`, `ED50`, `AGD66`. */
function isNamed(from: string, datum: string): boolean {
  const short = from.toLowerCase().replace(/[^a-z]/g, "");
  if (short.length < 2) return false;
  if (isOtherYear(from, datum)) return false;
  const initials = [...datum.matchAll(/[A-Z]|(?<=[^a-z])[a-z]/g)].join("").toLowerCase();
  const letters = datum.toLowerCase().replace(/[^a-z]/g, "");
  return letters.startsWith(short) || initials.startsWith(short) || (shortNames[short]?.test(datum) ?? false);
}

/** Two datums of one name differ by their years: AGD66 and AGD84, NAD27 and NAD83. */
function isOtherYear(from: string, datum: string): boolean {
  const [, year] = /(\d{2})$/.exec(from) ?? [];
  const [, other] = /\d{2}(\d{2})\D*$/.exec(datum) ?? [];
  return year !== undefined && other !== undefined && year !== other;
}

/** Short names that are no initials of the names in the EPSG Dataset. */
const shortNames: Readonly<Record<string, RegExp>> = {
  dhdn: /Deutsches Hauptdreiecksnetz/,
  ed: /^European Datum/,
  nad: /^North American Datum/,
  osgb: /^Ordnance Survey of Great Britain/,
  rd: /^Amersfoort/,
  ntf: /^Nouvelle Triangulation Fran/,
  mgi: /^Militar-Geographische/,
  sjtsk: /^System of the Unified Trigonometrical Cadastral Network/,
};

function isModernAxis(semiMajor: number): boolean {
  return Math.abs(semiMajor - 6378137) < 1;
}
