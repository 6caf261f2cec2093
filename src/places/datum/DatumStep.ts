import type { Ellipsoid, HelmertValues } from "../model.js";
import { Geocentric, HelmertShift, type Ecef, type Geodetic } from "./DatumShift.js";
import type { Ntv2Grid } from "./Ntv2Grid.js";

/** The ellipsoid of WGS 84. */
export const wgs84 = new Geocentric({ name: "WGS 84", semiMajor: 6378137, inverseFlattening: 298.257223563 });

/**
 * From longitude and latitude of a datum to those of WGS 84 and back, in radians. The point is changed in place; its height
 * is overwritten.
 */
export interface DatumStep {
  forward(point: Geodetic): void;
  back(point: Geodetic): void;
}

/** Longitudes and latitudes are those of WGS 84 already. */
export const sameDatum: DatumStep = { forward: () => undefined, back: () => undefined };

/**
 * By seven parameters. The shift moves a place, not its height, for that is above the sea or above the ellipsoid of WGS 84:
 * the place is shifted at height zero.
 */
export class HelmertStep implements DatumStep {
  private readonly _own: Geocentric;
  private readonly _shift: HelmertShift;
  private readonly _ecef: Ecef = [0, 0, 0];
  private readonly _target: Geodetic = [0, 0, 0];

  public constructor(ellipsoid: Ellipsoid, values: HelmertValues) {
    this._own = new Geocentric(ellipsoid);
    this._shift = new HelmertShift(values);
  }

  public forward(point: Geodetic): void {
    point[2] = 0;
    this._own.toEcef(point, this._ecef);
    this._shift.forward(this._ecef);
    wgs84.toGeodetic(this._ecef, point);
  }

  /** A place at zero on one ellipsoid is not at zero on the other: the height is found in a few steps. */
  public back(point: Geodetic): void {
    const { _ecef: ecef, _target: target } = this;
    target[0] = point[0];
    target[1] = point[1];
    target[2] = 0;
    for (let round = 0; round < 3; round++) {
      wgs84.toEcef(target, ecef);
      this._shift.back(ecef);
      this._own.toGeodetic(ecef, point);
      target[2] -= point[2];
    }
  }
}

/** By an NTv2 grid; where that has no value, in another way. */
export class GridStep implements DatumStep {
  private _wasOutside = false;

  public constructor(
    private readonly _grid: Ntv2Grid,
    private readonly _otherwise: DatumStep,
  ) {}

  /** Whether a point was outside of the grid so far. */
  public get wasOutside(): boolean {
    return this._wasOutside;
  }

  public forward(point: Geodetic): void {
    if (this._grid.forward(point)) return;
    this._note(point);
    this._otherwise.forward(point);
  }

  public back(point: Geodetic): void {
    if (this._grid.back(point)) return;
    this._note(point);
    this._otherwise.back(point);
  }

  private _note([longitude, latitude]: Geodetic): void {
    this._wasOutside ||= Number.isFinite(longitude) && Number.isFinite(latitude);
  }
}
