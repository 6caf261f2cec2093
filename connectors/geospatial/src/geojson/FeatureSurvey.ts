import { RecordColumns } from "itwin-connector-framework/internal";
import { PointRange } from "itwin-connector-framework/places";
import type { SourceErrors } from "itwin-connector-framework/tables";
import { eachPosition, type Feature, type Polygon, type Shape } from "../source/Feature.js";
import { areaOf, type LeftOut } from "../source/leftOut.js";
import type { NumberedFeature } from "./FeatureFile.js";
import { isObject } from "./JsonObject.js";
import type { Oddities } from "./Oddities.js";
import { hasMoreNumbers } from "./readGeometry.js";
import { readFeature } from "./readFeature.js";

/** What is found out about the features of a file by reading all of them, as plain data. */
export interface FeatureFindings {
  /** The names of all attributes. */
  readonly names: readonly string[];
  /** Whether every feature has an identifier. */
  readonly hasIds: boolean;
  /** What the file says of its coordinates. */
  readonly crs: string;
  /** Positions with the range of all: {@link PointRange.corners}. */
  readonly corners: readonly (readonly [east: number, north: number])[];
}

/** What an earlier run found out. With it, the features need not be read to find that out. */
export interface KnownFeatures extends FeatureFindings {
  /** Called for a feature that does not fit, and for another coordinate system. It ends the attempt. */
  onOutdated(): never;
}

/** What a survey takes note in. */
export interface SurveyContext {
  errors: SourceErrors;
  leftOut: LeftOut;
  oddities: Oddities;
  known?: KnownFeatures;
}

/** Members that are read, or follow from others. */
const featureMembers = new Set(["type", "id", "geometry", "properties", "bbox", "crs"]);

/** What members are that the standard does not have. */
export const foreign = "it is not part of GeoJSON";

/** Finds out what has to be known about features before they are written, and what is odd about them. */
export class FeatureSurvey {
  public count = 0;
  public readonly columns: RecordColumns;
  public readonly range = new PointRange();
  private readonly _withId = { count: 0, first: 0 };

  public constructor(private readonly _context: SurveyContext) {
    const { known } = _context;
    const onUnknown = known && (() => known.onOutdated());
    this.columns = new RecordColumns(known?.names, { isFlat: true, onUnknown });
    for (const [east, north] of known?.corners ?? []) this.range.add(east, north);
  }

  public get hasIds(): boolean {
    return this._context.known?.hasIds ?? (this.count > 0 && this._withId.count === this.count);
  }

  /** Takes a feature in. */
  public add(numbered: NumberedFeature): Feature {
    const feature = readFeature(numbered, this.columns, this._context.errors);
    this.count++;
    this._checkId(feature);
    this._noteMembers(numbered);
    if (feature.shape !== undefined) this._addShape(feature.shape, numbered);
    else if (isObject(numbered.feature.geometry)) this._context.oddities.add("empty-geometry", feature.number);
    return feature;
  }

  /** Takes note of what is known only after the last feature. */
  public finish(): void {
    const { count, first } = this._withId;
    const { known } = this._context;
    if (known !== undefined && (this.columns.lacksKnown || known.hasIds !== (count === this.count))) known.onOutdated();
    if (count > 0 && count < this.count) this._context.oddities.add("some-ids", first, count);
  }

  private _checkId({ id, number }: Feature): void {
    const { known } = this._context;
    if (id === undefined && known?.hasIds) known.onOutdated();
    if (id !== undefined && this._withId.count++ === 0) this._withId.first = number;
  }

  private _noteMembers({ feature, number }: NumberedFeature): void {
    for (const member of Object.keys(feature))
      if (!featureMembers.has(member))
        this._context.leftOut.add(`member "${member}" of features`, foreign, `record ${number}`);
  }

  private _addShape(shape: Shape, { feature, number }: NumberedFeature): void {
    const { leftOut, oddities, known } = this._context;
    eachPosition(shape, ([east, north]) => {
      if (known !== undefined && !this.range.has(east, north)) known.onOutdated();
      this.range.add(east, north);
    });
    if (shape.polygons.some(hasWrongOrder)) oddities.add("ring-order", number);
    for (const ring of shape.polygons.flat()) if (isOpen(ring)) oddities.add("unclosed-ring", number);
    leftOut.addEmptyParts(shape, number);
    if (hasMoreNumbers(feature.geometry))
      leftOut.add("positions with more than three numbers", "their meaning is not known", `record ${number}`);
  }
}

/** The ring around a polygon goes counterclockwise, and those around its holes clockwise. */
function hasWrongOrder(polygon: Polygon): boolean {
  return polygon.some((ring, index) => (index === 0 ? areaOf(ring) < 0 : areaOf(ring) > 0));
}

function isOpen(ring: Polygon[number]): boolean {
  const [first, last] = [ring[0], ring.at(-1)];
  return first !== undefined && last !== undefined && (first[0] !== last[0] || first[1] !== last[1]);
}
