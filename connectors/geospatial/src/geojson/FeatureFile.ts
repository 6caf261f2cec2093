import {
  explainFault,
  readJsonRecords,
  SyntaxFault,
  walkJson,
  type FaultAdvice,
  type JsonReading,
  type RecordPlaces,
  type Surroundings,
} from "itwin-connector-framework/internal";
import { parseExactJson, type OnProgress, type TextFile } from "itwin-connector-framework/tables";
import { isObject, type JsonObject } from "./JsonObject.js";
import { isGeometryType } from "./readGeometry.js";
import type { Oddities } from "./Oddities.js";
import { RootBuilder } from "./RootBuilder.js";

/** A text that is no JSON is no GeoJSON either. */
const faults: FaultAdvice = {
  advice: "Correct the feature, or export the file again.",
  syntax: { key: "not-geojson", start: "The file is no GeoJSON: " },
};

/** The features of a collection: objects in the list `features` of the root. */
const inCollection: RecordPlaces = {
  hasRoots: true, // what follows the root is found out, and not refused at once
  allowsOthers: true,
  roundedMember: "geometry",
  isRecord: (isList: boolean, { depth, isInList, openPath }: Surroundings) =>
    !isList && isInList && depth === 2 && openPath === "features",
};

/** Features one after the other. */
const inSequence: RecordPlaces = {
  hasRoots: true,
  roundedMember: "geometry",
  isRecord: (isList: boolean, { depth }: Surroundings) => !isList && depth === 0,
};

/** A feature with its number, counted from 1. */
export interface NumberedFeature {
  readonly number: number;
  readonly feature: JsonObject;
}

/** How features are read. */
export interface FeatureReading {
  oddities: Oddities;
  onProgress: OnProgress;
}

/** A GeoJSON file that is open: a collection, or features one after the other. */
export class FeatureFile {
  private constructor(
    private readonly _text: TextFile,
    private readonly _form: { isSequence: boolean; isNamedSequence: boolean },
    /** What the text holds, if it is no sequence, and no collection with features. */
    public readonly whole: unknown,
  ) {}

  /** Whether there is no collection around the features. */
  public get isSequence(): boolean {
    return this._form.isSequence;
  }

  /** Whether the name of the file says so. */
  public get isNamedSequence(): boolean {
    return this._form.isNamedSequence;
  }

  /**
   * Finds out what a file holds. A sequence is known by the end of its first feature.
   * @throws ConnectorError for a text that is no JSON
   */
  public static async open(text: TextFile, { onProgress, oddities }: FeatureReading): Promise<FeatureFile> {
    const around = new RootBuilder();
    const onNotANumber = () => oddities.add("not-a-number", 1);
    const isEnough = () => around.roots > 1 || around.hasFeatures;
    await walkJson(text, { places: inCollection, around, onNotANumber, onProgress, ...faults }, isEnough);
    const isNamedSequence = sequenceName.test(text.path);
    const isSequence = isNamedSequence || (around.roots > 1 && isFeature(around.root));
    return new FeatureFile(
      text,
      { isSequence, isNamedSequence },
      isSequence || around.hasFeatures ? undefined : around.root,
    );
  }

  /**
   * All features, as a stream of lists. What is no feature is passed over.
   * @returns what stands around them; undefined in a sequence
   */
  public async *read({ oddities, onProgress }: FeatureReading): AsyncGenerator<readonly NumberedFeature[], unknown> {
    const list = new FeatureList(oddities);
    const around = new RootBuilder(() => oddities.add("not-a-feature", list.count + 1));
    const reading: JsonReading = {
      places: this.isSequence ? inSequence : inCollection,
      around: this.isSequence ? {} : around,
      parseExact: parseExactFeature,
      onNotANumber: () => oddities.add("not-a-number", list.count + 1),
      onProgress,
      ...faults,
    };
    for await (const { records } of readJsonRecords(this._text, reading))
      yield records.flatMap(({ value }) => list.take(value));
    if (!this.isSequence && around.roots > 1)
      throw explainFault(new SyntaxFault("There is more after its end."), this._text, faults);
    return around.root;
  }
}

const sequenceName = /\.(?:geojsonl|geojsons|geojsonseq|ndgeojson|ndjson|jsonl)$/i;

/** Numbers the features, and tells those that are none. */
class FeatureList {
  public count = 0;

  public constructor(private readonly _oddities: Oddities) {}

  /** The features that an item of a collection is or has. */
  public take(item: unknown): readonly NumberedFeature[] {
    if (isObject(item) && item.type === "FeatureCollection" && Array.isArray(item.features)) {
      this._oddities.add("nested-collection", this.count + 1);
      return item.features.flatMap((inner) => this.take(inner));
    }
    const number = ++this.count;
    if (isFeature(item)) return [{ number, feature: item }];
    this._oddities.add(isObject(item) && isGeometryType(item.type) ? "bare-geometry" : "not-a-feature", number);
    return [];
  }
}

/** Some programs leave the type out. */
function isFeature(item: unknown): item is JsonObject {
  return isObject(item) && (item.type === "Feature" || (item.type === undefined && hasFeatureMember(item)));
}

function hasFeatureMember(item: JsonObject): boolean {
  return Object.hasOwn(item, "properties") || Object.hasOwn(item, "geometry");
}

/** Numbers keep all their digits, save those of positions. */
function parseExactFeature(text: string): unknown {
  return withRoundedPositions(parseExactJson(text), JSON.parse(text));
}

function withRoundedPositions(exact: unknown, rounded: unknown): unknown {
  if (!isObject(exact) || !isObject(rounded)) return exact;
  if (Array.isArray(exact.features) && Array.isArray(rounded.features)) {
    const inner: readonly unknown[] = rounded.features;
    return { ...exact, features: exact.features.map((each, index) => withRoundedPositions(each, inner[index])) };
  }
  return Object.hasOwn(exact, "geometry") ? { ...exact, geometry: rounded.geometry } : exact;
}
