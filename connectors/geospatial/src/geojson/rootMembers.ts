import type { SourceErrors } from "itwin-connector-framework/tables";
import { isObject, type JsonObject } from "./JsonObject.js";

/** What RFC 7946 has all coordinates in. */
export const wgs84 = "EPSG:4326";

/**
 * What a text holds, as an object with a type.
 * @throws ConnectorError `geospatial/not-geojson`
 */
export function checkRoot(root: unknown, errors: SourceErrors): JsonObject {
  if (!isObject(root)) throw notGeoJson("it is no object", errors);
  if (typeof root.type !== "string") throw notGeoJson("it has no type", errors);
  return root;
}

/**
 * The coordinate system of a file: a member of the edition of 2008, which many programs still write.
 * @throws ConnectorError `geospatial/no-crs` where it has no name
 */
export function crsOf({ crs }: JsonObject, errors: SourceErrors): string {
  if (crs === undefined || crs === null) return wgs84;
  const properties = isObject(crs) ? crs.properties : undefined;
  const name = isObject(properties) ? properties.name : undefined;
  if (typeof name !== "string") throw noName(properties, errors);
  return /CRS84$/i.test(name) ? wgs84 : name;
}

/** A link to a definition is not followed: a source is read from the disk alone. */
function noName(properties: unknown, errors: SourceErrors): Error {
  const href = isObject(properties) ? properties.href : undefined;
  const what = typeof href === "string" ? `is a link (${href.slice(0, 80)}), which is not followed` : "has no name";
  return errors.make("no-crs", `The "crs" of the file ${what}.`, {
    source: {},
    advice: 'Name the coordinate system with the option "crs", such as "EPSG:25832".',
  });
}

/** The error for a text that is something else. */
export function notGeoJson(fault: string, errors: SourceErrors): Error {
  return errors.make("not-geojson", `The file is no GeoJSON: ${fault}.`, {
    source: {},
    advice: "Name a .geojson or .shp file, or export it again.",
  });
}
