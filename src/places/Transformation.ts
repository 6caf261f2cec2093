import { chooseShift, contains, type ChosenShift, type Degrees } from "./datum/chooseShift.js";
import { Geocentric, HelmertShift, type Ecef, type Geodetic } from "./datum/DatumShift.js";
import { gridShift, type GridFile, type GridFolder } from "./datum/GridFolder.js";
import type { CrsDefinition, CrsNote, Datum, PublishedShift } from "./model.js";
import { isModern } from "./parse/identify.js";
import type { Projector } from "./Projector.js";

export type { Degrees } from "./datum/chooseShift.js";

const degree = Math.PI / 180;

/** The ellipsoid of WGS 84. */
const wgs84 = new Geocentric({ name: "WGS 84", semiMajor: 6378137, inverseFlattening: 298.257223563 });

/** More than so many metres of doubt are told. */
const told = 1;

/** How much may be between two datums on GRS 80 or WGS 84, in metres. */
const betweenModern = 2;

/**
 * How points of a coordinate system become places on the Earth, and back.
 * @public
 */
export class Transformation {
  /**
   * By how many metres places may be wrong, as it is published for the shift between the datums; undefined if that is not
   * known.
   */
  public readonly accuracy: number | undefined;
  /** How the datum is shifted, in words: such as `EPSG:1777`. */
  public readonly shift: string;
  private readonly _own: Geocentric;
  private readonly _helmert: HelmertShift | undefined;
  private readonly _grid: ReturnType<typeof gridShift> | undefined;
  private readonly _gridFile: GridFile | undefined;
  private readonly _datum: Datum;
  private readonly _geodetic: Geodetic = [0, 0, 0];
  private readonly _ecef: Ecef = [0, 0, 0];

  /** @internal */
  public constructor(
    private readonly _definition: CrsDefinition,
    private readonly _projector: Projector,
    private readonly _places: readonly Degrees[],
    grids: GridFolder | undefined,
  ) {
    const { datum } = _definition;
    this._datum = datum;
    this._own = new Geocentric(datum.ellipsoid);
    this._gridFile = findGrid(datum, _places, grids);
    if (this._gridFile !== undefined) {
      const { name } = this._gridFile;
      this._grid = gridShift(this._gridFile, { ...datum, meridian: 0 });
      this.accuracy = datum.grids.find((grid) => grid.name === name)?.accuracy ?? told;
      this.shift = `the grid ${name}`;
      return;
    }
    const chosen = chooseShift(datum, _places, _definition.area);
    const shift = chosen?.shift;
    const values = shift?.values ?? [];
    const isSame = values.length === 0 && (shift === undefined || isModern(datum.ellipsoid));
    this._helmert = isSame ? undefined : new HelmertShift(values);
    this.accuracy = chosen === undefined ? ofUnpublished(datum) : this._accuracyOf(chosen);
    this.shift = shiftName(shift?.code, values);
  }

  /** To longitude and latitude (WGS 84) in degrees; NaN where there is no such place. */
  public toDegrees(point: readonly [number, number, ...number[]]): [longitude: number, latitude: number] {
    const { _geodetic: geodetic } = this;
    if (this._isPlain) this._projector.inverse(point[0], point[1], geodetic);
    else {
      this._toEcef(point[0], point[1], 0);
      wgs84.toGeodetic(this._ecef, geodetic);
    }
    return [geodetic[0] / degree, geodetic[1] / degree];
  }

  /** From longitude and latitude (WGS 84) in degrees; NaN where the system has no such place. */
  public fromDegrees([longitude, latitude]: Degrees): [number, number] {
    if (this._grid !== undefined)
      return this._projector.forward(...this._grid.back(longitude * degree, latitude * degree));
    if (this._isPlain) return this._projector.forward(longitude * degree, latitude * degree);
    return this._fromShifted(longitude * degree, latitude * degree);
  }

  /**
   * To Earth-centred coordinates (WGS 84), in metres.
   * @param height - above the ellipsoid, in metres
   */
  public toEcef(point: readonly [number, number, ...number[]], height = 0): [x: number, y: number, z: number] {
    this._toEcef(point[0], point[1], height);
    const [x, y, z] = this._ecef;
    return [x, y, z];
  }

  /** What the user should know of the exactness of places: each by a key and a message. */
  public get notes(): CrsNote[] {
    return [...this._definition.notes, ...this._accuracyNotes(), ...this._areaNotes()];
  }

  /** Whether longitudes and latitudes are those of WGS 84 already. */
  private get _isPlain(): boolean {
    return this._grid === undefined && this._helmert === undefined;
  }

  private _toEcef(first: number, second: number, height: number): void {
    const { _geodetic: geodetic, _ecef: ecef } = this;
    this._projector.inverse(first, second, geodetic);
    geodetic[2] = height;
    if (this._isPlain) { wgs84.toEcef(geodetic, ecef); return; }
    if (this._grid !== undefined) {
      const [longitude, latitude] = this._grid.forward(geodetic[0], geodetic[1]);
      wgs84.toEcef([longitude, latitude, height], ecef); return;
    }
    this._shiftAtZero(geodetic, height);
  }

  /** The published accuracy, or the distance to what others of a metre or better say: they cannot all be right. */
  private _accuracyOf({ shift, equals }: ChosenShift): number | undefined {
    const [place] = this._places;
    if (shift.accuracy === undefined || equals === undefined || place === undefined) return undefined;
    const here = this._shifted(place, shift);
    const distances = equals.map((other) => distance(here, this._shifted(place, other)));
    const farthest = Math.max(0, ...distances);
    return farthest > Math.max(told, shift.accuracy) ? Math.ceil(farthest * 10) / 10 : shift.accuracy;
  }

  /** A place on the ellipsoid of the datum, in degrees, by a shift. */
  private _shifted([longitude, latitude]: Degrees, { values }: PublishedShift): Ecef {
    const ecef: Ecef = [0, 0, 0];
    this._own.toEcef([longitude * degree, latitude * degree, 0], ecef);
    new HelmertShift(values).forward(ecef);
    return ecef;
  }

  /** The shift moves a place; its height stays, for it is above the sea or above the ellipsoid of WGS 84. */
  private _shiftAtZero(geodetic: Geodetic, height: number): void {
    const { _ecef: ecef } = this;
    geodetic[2] = 0;
    this._own.toEcef(geodetic, ecef);
    this._helmert!.forward(ecef);
    wgs84.toGeodetic(ecef, geodetic);
    geodetic[2] = height;
    wgs84.toEcef(geodetic, ecef);
  }

  /** A place has no height here, but one at zero on one ellipsoid is not at zero on the other: it is found in a few steps. */
  private _fromShifted(longitude: number, latitude: number): [number, number] {
    const { _geodetic: geodetic, _ecef: ecef } = this;
    let height = 0;
    const target: Geodetic = [longitude, latitude, 0];
    for (let round = 0; round < 3; round++) {
      target[2] = height;
      wgs84.toEcef(target, ecef);
      this._helmert!.back(ecef);
      this._own.toGeodetic(ecef, geodetic);
      height -= geodetic[2];
    }
    return this._projector.forward(geodetic[0], geodetic[1]);
  }

  private _accuracyNotes(): CrsNote[] {
    const { accuracy } = this;
    if (accuracy !== undefined && accuracy <= told) return [];
    const { name } = this._definition;
    const doubt = accuracy === undefined ? "by an amount that is not known" : `by up to ${accuracy} m`;
    const grids = this._helpfulGrids();
    const help = grids.length === 0 ? "" : ` The grid ${grids.join(" or ")} would help: --grids names its folder.`;
    const message = `Places in "${name}" may be wrong ${doubt}: its datum "${this._datum.name}" is shifted to WGS 84 by ${this.shift}.${help}`;
    return [{ key: "accuracy", message }];
  }

  /** The most exact published grids whose area has the first place. */
  private _helpfulGrids(): string[] {
    const [place] = this._places;
    const fitting = this._datum.grids.filter(({ area }) => place === undefined || contains(area, place));
    const sorted = fitting.sort((left, right) => (left.accuracy ?? Infinity) - (right.accuracy ?? Infinity));
    return [...new Set(sorted.map(({ name }) => name))].slice(0, 2);
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

/** Areas are coarse: a degree beyond them is no sign of a fault. */
function isNear([west, south, east, north]: NonNullable<CrsDefinition["area"]>, place: Degrees): boolean {
  return contains([west - 1, south - 1, east + 1, north + 1], place);
}

function distance(left: Ecef, right: Ecef): number {
  return Math.hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2]);
}

function findGrid(datum: Datum, places: readonly Degrees[], grids: GridFolder | undefined): GridFile | undefined {
  const [first] = places;
  if (grids === undefined || first === undefined) return undefined;
  return grids.find(datum, first).find((file) => places.every((place) => contains(file.area, place)));
}

function ofUnpublished({ ellipsoid }: Datum): number | undefined {
  return isModern(ellipsoid) ? betweenModern : undefined;
}

function shiftName(code: number | undefined, values: readonly number[]): string {
  if (code !== undefined && code > 0) return `EPSG:${code}`;
  if (code === -1) return "the parameters in its description";
  return values.length === 0 ? "nothing" : "published parameters";
}
