import proj4 from "proj4";
import type { SourceErrors } from "itwin-connector-framework/tables";
import type { FeatureSource } from "../source/Feature.js";

/** A coordinate system as it is used here. */
export interface Crs {
  /** What tells it from others. */
  key: string;
  /** Undefined for coordinates that are nowhere on the Earth. */
  projection?: {
    /** Whether its coordinates are longitudes and latitudes. */
    isGeographic: boolean;
    /** Of a projected one. */
    metresPerUnit: number;
    /** To longitude and latitude in degrees (WGS84). */
    toDegrees(position: readonly [number, number]): [number, number];
    fromDegrees(degrees: readonly [number, number]): [number, number];
  };
}

interface Definition {
  projName?: string;
  to_meter?: number;
}

const utm = /^EPSG:32([67])([0-5]\d|60)$/i;

/**
 * The coordinate system of a text: the WKT of a .prj, a proj4 text, an EPSG code that is known, or `local`.
 * @throws ConnectorError for none, and one that is not known
 */
export function readCrs(text: string | undefined, extent: FeatureSource["extent"], errors: SourceErrors): Crs {
  if (text === undefined || text === "") throw noCrs(extent, errors);
  if (text === "local") return { key: text };
  const definition = expand(text);
  try {
    const converter = proj4(definition, "WGS84");
    const { projName, to_meter = 1 } = proj4.Proj(definition) as unknown as Definition;
    const isGeographic = projName === "longlat" || projName === "identity";
    const projection = {
      isGeographic,
      metresPerUnit: isGeographic ? 1 : to_meter, // of a geographic one the library gives metres per degree
      toDegrees: ([east, north]: readonly [number, number]) => converter.forward<[number, number]>([east, north]),
      fromDegrees: ([longitude, latitude]: readonly [number, number]) =>
        converter.inverse<[number, number]>([longitude, latitude]),
    };
    return { key: definition, projection };
  } catch (error) {
    throw unknownCrs(text, errors, error);
  }
}

/** The zones of UTM are not in the library's table. */
function expand(text: string): string {
  const [, hemisphere, zone] = utm.exec(text) ?? [];
  if (zone === undefined) return text.replace(/^(?:urn:ogc:def:crs:)?EPSG::?/i, "EPSG:");
  return `+proj=utm +zone=${Number(zone)}${hemisphere === "7" ? " +south" : ""} +datum=WGS84 +units=m +no_defs`;
}

function noCrs(extent: FeatureSource["extent"], errors: SourceErrors): Error {
  const [west, south, east, north] = extent ?? [Infinity, Infinity, Infinity, Infinity];
  const areDegrees = west >= -180 && east <= 180 && south >= -90 && north <= 90;
  const hint = areDegrees ? 'They may be longitudes and latitudes: "crs": "EPSG:4326". ' : "";
  return errors.make("no-crs", "The .prj file is missing, which says what the coordinates are.", {
    source: {},
    advice: `${hint}Put it beside the .shp, or name the coordinate system with the option "crs": WKT, a proj4 text, an EPSG code, or "local" for coordinates that are nowhere on the Earth.`,
  });
}

function unknownCrs(text: string, errors: SourceErrors, cause: unknown): Error {
  const message = `The coordinate system is not known: ${text.replace(/\s+/g, " ").slice(0, 80)}.`;
  return errors.make("unknown-crs", message, {
    source: {},
    advice: 'Name it with the option "crs", as WKT or as a proj4 text; see https://epsg.io.',
    cause,
  });
}
