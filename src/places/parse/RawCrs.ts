import type { CrsNote, Ellipsoid, HelmertValues, VerticalSystem } from "../model.js";

/** What a text says of a coordinate system, before its datum is known. */
export interface RawCrs {
  readonly name: string;
  /** The code of the EPSG Dataset that the text has for the system. */
  readonly code?: number;
  /** Undefined where the text has none. */
  readonly datumName?: string;
  /** The code of the EPSG Dataset for the geographic system below a projected one. */
  readonly geographicCode?: number;
  readonly ellipsoid: Ellipsoid;
  /** In degrees from Greenwich. */
  readonly meridian: number;
  /** For proj4; undefined for longitudes and latitudes. */
  readonly projection?: string;
  /** Metres for each unit, or degrees for longitudes and latitudes. */
  readonly unit: number;
  /** Undefined where the text does not say where its axes point. */
  readonly axes?: string;
  /** The shift to WGS 84 that the text has. */
  readonly shift?: HelmertValues;
  /** Names of NTv2 grids that the text wants. */
  readonly grids?: readonly string[];
  readonly vertical?: VerticalSystem;
  readonly notes: readonly CrsNote[];
}

const degree = Math.PI / 180;

/** Radians in degrees, without the noise of the factor: 0.0174532925199433 is one degree. */
export function degreesOf(radians: number): number {
  return Number((radians / degree).toPrecision(13));
}

/** How two axes point in the order of ordinary software: east comes first unless an axis points south or west. */
export function axesOf(directions: readonly string[]): string | undefined {
  if (directions.length < 2) return undefined;
  const letters = directions.slice(0, 2).map((direction) => direction[0]?.toLowerCase() ?? "");
  const both = letters.join("");
  return /^[ensw]{2}$/.test(both) && /[sw]/.test(both) && letters[0] !== letters[1] ? both : "en";
}
