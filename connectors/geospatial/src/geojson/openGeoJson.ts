import { readFile } from "node:fs/promises";
import type { CellContent, SourceErrors, TableDocument } from "itwin-connector-framework/tables";
import { positionsOf, type Feature, type FeatureSource } from "../Feature.js";
import type { GeospatialOptions } from "../geospatialOptions.js";
import { GeometryError, readGeometry } from "./readGeometry.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What RFC 7946 has all coordinates in. */
const wgs84 = "EPSG:4326";

/**
 * Opens a GeoJSON file: a FeatureCollection, a Feature or a geometry.
 * @throws ConnectorError for what is none
 */
export async function openGeoJson(document: TableDocument<GeospatialOptions>): Promise<FeatureSource> {
  const { errors, onProgress } = document;
  const content = await readFile(document.path);
  const root = parse(content, document.options.encoding, errors);
  onProgress(content.length, content.length);
  const given = featuresOf(root, errors);
  const names = [...new Set(given.flatMap((feature) => Object.keys(propertiesOf(feature))))];
  const features = given.map((feature, index) => readFeature(feature, index, { names, errors }));
  const hasIds = features.length > 0 && features.every(({ id }) => id !== undefined);
  return { names, crs: crsOf(root, errors), hasIds, extent: extentOf(features), features: () => features };
}

function parse(content: Buffer, encoding: string | undefined, errors: SourceErrors): JsonObject {
  try {
    const root: unknown = JSON.parse(new TextDecoder(encoding ?? "utf-8", { fatal: true }).decode(content));
    if (isObject(root)) return root;
    throw new Error("it is no object");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw notGeoJson(message.replace(/\s+/g, " ").slice(0, 120), errors, error);
  }
}

function featuresOf(root: JsonObject, errors: SourceErrors): JsonObject[] {
  if (root.type === "FeatureCollection") {
    if (Array.isArray(root.features) && root.features.every(isObject)) return root.features;
    throw notGeoJson("its features are no list of objects", errors);
  }
  if (root.type === "Feature") return [root];
  if (typeof root.type === "string") return [{ type: "Feature", geometry: root, properties: {} }];
  throw notGeoJson("it has no type", errors);
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isObject(properties) ? properties : {};
}

function readFeature(
  feature: JsonObject,
  index: number,
  { names, errors }: { names: string[]; errors: SourceErrors },
): Feature {
  const number = index + 1;
  const source = { entity: `record ${number}` };
  const advice = "Correct the feature, or export the file anew.";
  try {
    const properties = propertiesOf(feature);
    const cells = names.map((name) => (Object.hasOwn(properties, name) ? cellOf(properties[name]) : undefined));
    return { number, id: idOf(feature), cells, shape: readGeometry(feature.geometry) };
  } catch (error) {
    if (!(error instanceof GeometryError)) throw error;
    throw errors.make("bad-feature", `The feature is not as GeoJSON has it: ${error.message}.`, { source, advice });
  }
}

function idOf({ id }: JsonObject): string | number | undefined {
  return (typeof id === "string" && id !== "") || typeof id === "number" ? id : undefined;
}

/** Objects and lists are kept as JSON. */
function cellOf(value: unknown): CellContent {
  if (typeof value === "number" && !Number.isFinite(value)) throw new GeometryError("a number is beyond double");
  if (typeof value === "string" && value.includes("\0")) throw new GeometryError("a text has a NUL in it");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as CellContent);
}

/** A member of the edition of 2008, which many programs still write. */
function crsOf({ crs }: JsonObject, errors: SourceErrors): string {
  if (crs === undefined || crs === null) return wgs84;
  const properties = isObject(crs) ? crs.properties : undefined;
  const name = isObject(properties) ? properties.name : undefined;
  if (typeof name !== "string") throw notGeoJson('its "crs" has no name', errors);
  return /CRS84$/i.test(name) ? wgs84 : name;
}

function extentOf(features: readonly Feature[]): FeatureSource["extent"] {
  const extent: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { shape } of features)
    for (const [east, north] of shape === undefined ? [] : positionsOf(shape)) {
      extent[0] = Math.min(extent[0], east);
      extent[1] = Math.min(extent[1], north);
      extent[2] = Math.max(extent[2], east);
      extent[3] = Math.max(extent[3], north);
    }
  return extent[0] === Infinity ? undefined : extent;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notGeoJson(fault: string, errors: SourceErrors, cause?: unknown): Error {
  return errors.make("not-geojson", `The file is no GeoJSON: ${fault}.`, {
    source: {},
    advice: "Name a .geojson or .shp file, or export it anew.",
    cause,
  });
}
