import { explainFault, RecordFault } from "itwin-connector-framework/internal";
import { PointRange } from "itwin-connector-framework/places";
import {
  findLineOfByte,
  openText,
  readText,
  type CellContent,
  type OnProgress,
  type SourceErrors,
  type TableDocument,
  type TextFile,
} from "itwin-connector-framework/tables";
import { positionsOf, type Feature, type FeatureSource, type Shape } from "../source/Feature.js";
import type { LeftOut } from "../source/leftOut.js";
import type { GeospatialOptions } from "../source/geospatialOptions.js";
import { FeatureSplitter, type JsonObject } from "./FeatureSplitter.js";
import { GeometryError, hasMoreNumbers, readGeometry } from "./readGeometry.js";

/** What RFC 7946 has all coordinates in. */
const wgs84 = "EPSG:4326";

const advice = "Correct the feature, or export the file anew.";

/**
 * Opens a GeoJSON file: a FeatureCollection, a Feature or a geometry. A collection is read once here, so that what cannot
 * be read is found before anything is written, and again for each pass over its features.
 * @throws ConnectorError for what is none
 */
export async function openGeoJson(
  document: TableDocument<GeospatialOptions>,
  leftOut: LeftOut,
): Promise<FeatureSource> {
  const { errors, options, onProgress } = document;
  const file = await openText(errors, options.encoding);
  const splitter = new FeatureSplitter();
  const collection = new FeatureSurvey(errors, leftOut);
  for await (const feature of split(file, splitter, onProgress)) collection.add(feature);
  const root = checkRoot(splitter.root, collection.count, errors);
  const crs = options.crs ?? crsOf(root, errors);
  if (root.type === "FeatureCollection") {
    const { names, hasIds, range } = collection;
    noteForeignMembers(root, leftOut);
    return { names, crs, hasIds, range, features: () => readCollection(file, names, onProgress) };
  }
  const single = root.type === "Feature" ? root : { type: "Feature", geometry: root, properties: {} };
  const { names, hasIds, range } = new FeatureSurvey(errors, leftOut).add(single);
  return { names, crs, hasIds, range, features: () => [readFeature(single, 1, { names, errors })] };
}

/** Members that are read, or follow from others. */
const collectionMembers = new Set(["type", "features", "bbox", "crs"]);
const featureMembers = new Set(["type", "id", "geometry", "properties", "bbox", "crs"]);
const foreign = "it is not part of GeoJSON";

/** What is found out about features before they are read. */
class FeatureSurvey {
  public count = 0;
  private readonly _names = new Set<string>();
  public readonly range = new PointRange();
  private _withId = 0;

  public constructor(
    private readonly _errors: SourceErrors,
    private readonly _leftOut: LeftOut,
  ) {}

  public get names(): string[] {
    return [...this._names];
  }

  public get hasIds(): boolean {
    return this.count > 0 && this._withId === this.count;
  }

  public add(feature: JsonObject): this {
    const names = Object.keys(propertiesOf(feature));
    const { id, shape } = readFeature(feature, ++this.count, { names, errors: this._errors });
    for (const name of names) this._names.add(name);
    if (id !== undefined) this._withId++;
    this._noteLeftOut(feature, shape);
    for (const [east, north] of shape === undefined ? [] : positionsOf(shape)) this.range.add(east, north);
    return this;
  }

  private _noteLeftOut(feature: JsonObject, shape: Shape | undefined): void {
    const record = `record ${this.count}`;
    for (const member of Object.keys(feature))
      if (!featureMembers.has(member)) this._leftOut.add(`member "${member}" of features`, foreign, record);
    if (shape === undefined) return;
    this._leftOut.addEmptyParts(shape, this.count);
    if (hasMoreNumbers(feature.geometry))
      this._leftOut.add("positions with more than three numbers", "their meaning is not known", record);
  }
}

function noteForeignMembers(collection: JsonObject, leftOut: LeftOut): void {
  for (const member of Object.keys(collection))
    if (!collectionMembers.has(member)) leftOut.add("member of the collection", foreign, member);
}

async function* readCollection(file: TextFile, names: string[], onProgress: OnProgress): AsyncGenerator<Feature> {
  let number = 0;
  for await (const feature of split(file, new FeatureSplitter(), onProgress))
    yield readFeature(feature, ++number, { names, errors: file.errors });
}

async function* split(file: TextFile, splitter: FeatureSplitter, onProgress: OnProgress): AsyncGenerator<JsonObject> {
  try {
    for await (const text of readText(file, onProgress)) yield* splitter.push(Buffer.from(text));
    splitter.end();
  } catch (error) {
    if (error instanceof RecordFault) throw await explainFault(error, file, splitter.offset, advice);
    if (!(error instanceof Error) || "code" in error) throw error;
    const line = await findLineOfByte(file, splitter.offset);
    throw notGeoJson(error.message.replace(/\s+/g, " ").slice(0, 120), file.errors, { line, cause: error });
  }
}

/** @param count - how many features were found */
function checkRoot(root: unknown, count: number, errors: SourceErrors): JsonObject {
  if (!isObject(root)) throw notGeoJson("it is no object", errors);
  if (typeof root.type !== "string") throw notGeoJson("it has no type", errors);
  const { type, features } = root;
  const isList = Array.isArray(features) && features.length === count && features.every((each) => each === null);
  if (type === "FeatureCollection" && !isList) throw notGeoJson("its features are no list of objects", errors);
  return root;
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isObject(properties) ? properties : {};
}

function readFeature(
  feature: JsonObject,
  number: number,
  { names, errors }: { names: readonly string[]; errors: SourceErrors },
): Feature {
  const source = { entity: `record ${number}` };
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

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notGeoJson(
  fault: string,
  errors: SourceErrors,
  { line, cause }: { line?: number; cause?: unknown } = {},
): Error {
  return errors.make("not-geojson", `The file is no GeoJSON: ${fault}.`, {
    source: { line },
    advice: "Name a .geojson or .shp file, or export it anew.",
    cause,
  });
}
