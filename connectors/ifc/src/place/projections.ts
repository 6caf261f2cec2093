import proj4 from "proj4";

/** East and north in metres to longitude and latitude in degrees. */
export type ToDegrees = (metres: readonly [number, number]) => [number, number];

/**
 * Zones of transverse Mercator by the first EPSG code of their row, which counts on with the zone: UTM on WGS 84, north and
 * south, and on ETRS89.
 */
const zones = [
  { first: 32601, last: 32660, zone: 1, definition: "+datum=WGS84" },
  { first: 32701, last: 32760, zone: 1, definition: "+south +datum=WGS84" },
  { first: 25828, last: 25838, zone: 28, definition: "+ellps=GRS80 +towgs84=0,0,0" },
] as const;

/** National systems that buildings in IFC often are in, by EPSG code: as https://epsg.io gives them for proj4. */
const national: Readonly<Record<string, string>> = {
  2056: "+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 +y_0=1200000 +ellps=bessel +towgs84=674.374,15.056,405.346,0,0,0,0 +units=m",
  2154: "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +towgs84=0,0,0 +units=m",
  27700:
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m",
  28992:
    "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel +towgs84=565.4171,50.3319,465.5524,1.9342,-1.6677,9.1019,4.0725 +units=m",
};

/** A projection to longitude and latitude (WGS 84) by an EPSG code, WKT or a proj4 text; undefined for one not known. */
export function findProjection(name: string): ToDegrees | undefined {
  try {
    const converter = proj4(expand(name.trim()), "WGS84");
    return ([east, north]) => converter.forward<[number, number]>([east, north]);
  } catch {
    return undefined;
  }
}

/** Systems that the library does not have in its own table. */
function expand(name: string): string {
  const [, text] = /^(?:urn:ogc:def:crs:)?EPSG:+(?:[\d.]*:)?(\d+)$/i.exec(name) ?? [];
  if (text === undefined) return name;
  const code = Number(text);
  const row = zones.find(({ first, last }) => code >= first && code <= last);
  if (row !== undefined) return `+proj=utm +zone=${row.zone + code - row.first} ${row.definition} +units=m`;
  return national[text] ?? `EPSG:${text}`;
}
