import { chooseShift, contains, isNear, type ChosenShift, type Degrees } from "./datum/chooseShift.js";
import { Geocentric, HelmertShift, type Ecef, type Geodetic } from "./datum/DatumShift.js";
import { GridStep, HelmertStep, sameDatum, wgs84, type DatumStep } from "./datum/DatumStep.js";
import { findGrids, hasPlace, type GridFile, type GridFolder } from "./datum/GridFolder.js";
import {
  ownShift,
  type CrsDefinition,
  type CrsNote,
  type Datum,
  type HelmertValues,
  type PublishedShift,
} from "./model.js";
import { isModern } from "./parse/identify.js";
import type { Projector } from "./Projector.js";

export type { Degrees } from "./datum/chooseShift.js";

const degree = Math.PI / 180;

/** More than so many metres of doubt are an issue. */
const mostDoubt = 1;

const noShift = "nothing";

/** How much may be between two datums on GRS 80 or WGS 84, in metres. */
const betweenModern = 2;

/**
 * How points of a coordinate system become places on the Earth, and back.
 * @public
 */
export interface Transformation {
  /**
   * By how many metres places may be wrong, as it is published for the shift between the datums; undefined if that is not
   * known.
   */
  readonly accuracy: number | undefined;
  /** How the datum is shifted, in words: such as `EPSG:1777`. */
  readonly shift: string;
  /** The name of the grid by which it is shifted, if it is. */
  readonly grid: string | undefined;
  /**
   * What the user should know of the exactness of places. Read it after the points: those outside of a grid are known then
   * only.
   */
  readonly notes: CrsNote[];
  /** To longitude and latitude (WGS 84) in degrees; NaN where there is no such place. */
  toDegrees(point: readonly [number, number, ...number[]]): [longitude: number, latitude: number];
  /** From longitude and latitude (WGS 84) in degrees; NaN where the system has no such place. */
  fromDegrees(degrees: Degrees): [first: number, second: number];
  /**
   * To Earth-centred coordinates (WGS 84), in metres; NaN where there is no such place.
   * @param height - above the ellipsoid, in metres. Default: 0
   */
  toEcef(point: readonly [number, number, ...number[]], height?: number): [x: number, y: number, z: number];
}

/** By a projection, and a step between datums that is chosen for some places. */
export class DatumTransformation implements Transformation {
  public readonly accuracy: number | undefined;
  public readonly shift: string;
  public readonly grid: string | undefined;
  private readonly _step: DatumStep;
  private readonly _geodetic: Geodetic = [0, 0, 0];
  private readonly _ecef: Ecef = [0, 0, 0];

  public constructor(
    private readonly _definition: CrsDefinition,
    private readonly _projector: Projector,
    private readonly _places: readonly Degrees[],
    grids: GridFolder | undefined,
  ) {
    const { datum, area } = _definition;
    const chosen = chooseShift(datum, _places, area);
    const byParameters = stepOf(datum, chosen?.shift);
    const file = findGrid(datum, _places, grids);
    this.grid = file?.name;
    if (file === undefined) {
      this._step = byParameters;
      this.accuracy = chosen === undefined ? ofUnpublished(datum) : accuracyOf(datum, chosen, _places[0]);
      this.shift = shiftName(chosen?.shift);
    } else {
      this._step = new GridStep(file.grid, byParameters);
      this.accuracy = datum.grids.find(({ name }) => name === file.name)?.accuracy ?? mostDoubt;
      this.shift = `the grid ${file.name}`;
    }
  }

  public toDegrees(point: readonly [number, number, ...number[]]): [longitude: number, latitude: number] {
    const { _geodetic: geodetic } = this;
    this._projector.inverse(point[0], point[1], geodetic);
    this._step.forward(geodetic);
    return [geodetic[0] / degree, geodetic[1] / degree];
  }

  public fromDegrees([longitude, latitude]: Degrees): [first: number, second: number] {
    const { _geodetic: geodetic } = this;
    // Sines of huge angles are those of some place.
    if (!(Math.abs(longitude) <= 540 && Math.abs(latitude) <= 90 + 1e-9)) return [NaN, NaN];
    geodetic[0] = longitude * degree;
    geodetic[1] = latitude * degree;
    this._step.back(geodetic);
    return this._projector.forward(geodetic[0], geodetic[1]);
  }

  public toEcef(point: readonly [number, number, ...number[]], height = 0): [x: number, y: number, z: number] {
    const { _geodetic: geodetic, _ecef: ecef } = this;
    this._projector.inverse(point[0], point[1], geodetic);
    this._step.forward(geodetic);
    geodetic[2] = height;
    wgs84.toEcef(geodetic, ecef);
    return [ecef[0], ecef[1], ecef[2]];
  }

  public get notes(): CrsNote[] {
    return [...this._definition.notes, ...this._accuracyNotes(), ...this._gridNotes(), ...this._areaNotes()];
  }

  private _accuracyNotes(): CrsNote[] {
    const { accuracy } = this;
    if (accuracy !== undefined && accuracy <= mostDoubt) return [];
    const { name, datum } = this._definition;
    const doubt = accuracy === undefined ? "by an amount that is not known" : `by up to ${accuracy} m`;
    const grids = helpfulGrids(datum, this._places[0]);
    const help = grids.length === 0 ? "" : ` The grid ${grids.join(" or ")} would help: --grids names its folder.`;
    const how = this.shift === noShift ? "is taken for that of WGS 84" : `is shifted to WGS 84 by ${this.shift}`;
    const message = `Places in "${name}" may be wrong ${doubt}: its datum "${datum.name}" ${how}.${help}`;
    return [{ key: "accuracy", message }];
  }

  /** Points that were outside of the grid until now. */
  private _gridNotes(): CrsNote[] {
    if (!(this._step instanceof GridStep) || !this._step.wasOutside) return [];
    const { name, datum } = this._definition;
    const message = `Some positions in "${name}" lie outside of ${this.shift}. They are shifted to WGS 84 by the published parameters of the datum "${datum.name}", which are less exact.`;
    return [{ key: "outside-grid", message }];
  }

  private _areaNotes(): CrsNote[] {
    const { area, name } = this._definition;
    const outside = area === undefined ? undefined : this._places.find((place) => !isNear(area, place));
    if (outside === undefined || area === undefined) return [];
    const [longitude, latitude] = outside.map((value) => value.toFixed(3));
    const message = `Positions lie outside of the area in which "${name}" is used, such as at longitude ${longitude}, latitude ${latitude}; the area is ${area.join(", ")} (west, south, east, north).`;
    return [{ key: "outside-area", message }];
  }
}

function stepOf({ ellipsoid }: Datum, shift: PublishedShift | undefined): DatumStep {
  const values = shift?.values ?? [];
  const isSame = values.length === 0 && (shift === undefined || isModern(ellipsoid));
  return isSame ? sameDatum : new HelmertStep(ellipsoid, values);
}

/** The published accuracy, or the distance to what others of a metre or better say: they cannot all be right. */
function accuracyOf(datum: Datum, { shift, equals }: ChosenShift, place?: Degrees): number | undefined {
  if (shift.accuracy === undefined || equals === undefined || place === undefined) return ofUnpublished(datum);
  const own = new Geocentric(datum.ellipsoid);
  const here = shifted(own, place, shift.values);
  const distances = equals.map(({ values }) => distance(here, shifted(own, place, values)));
  const farthest = Math.max(0, ...distances);
  return farthest > Math.max(mostDoubt, shift.accuracy) ? Math.ceil(farthest * 10) / 10 : shift.accuracy;
}

/** A place on an ellipsoid, in degrees, by a shift. */
function shifted(own: Geocentric, [longitude, latitude]: Degrees, values: HelmertValues): Ecef {
  const ecef: Ecef = [0, 0, 0];
  own.toEcef([longitude * degree, latitude * degree, 0], ecef);
  new HelmertShift(values).forward(ecef);
  return ecef;
}

function distance(left: Ecef, right: Ecef): number {
  return Math.hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2]);
}

/** The most exact published grids whose area has the first place. */
function helpfulGrids({ grids }: Datum, place: Degrees | undefined): string[] {
  const fitting = grids.filter(({ area }) => place === undefined || contains(area, place));
  const sorted = fitting.sort((left, right) => (left.accuracy ?? Infinity) - (right.accuracy ?? Infinity));
  return [...new Set(sorted.map(({ name }) => name))].slice(0, 2);
}

function findGrid(datum: Datum, places: readonly Degrees[], grids: GridFolder | undefined): GridFile | undefined {
  const [first] = places;
  if (grids === undefined || first === undefined) return undefined;
  return findGrids(grids, datum, first).find((file) => places.every((place) => hasPlace(file, place)));
}

function ofUnpublished({ ellipsoid }: Datum): number | undefined {
  return isModern(ellipsoid) ? betweenModern : undefined;
}

function shiftName({ code, values }: Partial<PublishedShift> = {}): string {
  if (code !== undefined && code > 0) return `EPSG:${code}`;
  if (code === ownShift) return `the parameters in its description (${values?.join(", ")})`;
  return values === undefined || values.length === 0 ? noShift : "published parameters";
}
