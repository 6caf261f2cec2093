import type { Ellipsoid, HelmertValues } from "../model.js";

const radiansPerSecond = Math.PI / 180 / 3600;

/** X, y and z from the centre of the Earth, in metres. Written in place, so that millions of points make no garbage. */
export type Ecef = [x: number, y: number, z: number];

/** A point in radians on an ellipsoid, with its height in metres. */
export type Geodetic = [longitude: number, latitude: number, height: number];

/** Longitudes and latitudes of an ellipsoid, and Earth-centred coordinates. */
export class Geocentric {
  private readonly _a: number;
  private readonly _b: number;
  private readonly _e2: number;
  private readonly _second: number;

  public constructor({ semiMajor, inverseFlattening }: Ellipsoid) {
    this._a = semiMajor;
    this._b = inverseFlattening === 0 ? semiMajor : semiMajor * (1 - 1 / inverseFlattening);
    this._e2 = 1 - (this._b * this._b) / (this._a * this._a);
    this._second = (this._a * this._a) / (this._b * this._b) - 1;
  }

  public toEcef([longitude, latitude, height]: Geodetic, target: Ecef): void {
    const sin = Math.sin(latitude);
    const radius = this._a / Math.sqrt(1 - this._e2 * sin * sin);
    const across = (radius + height) * Math.cos(latitude);
    target[0] = across * Math.cos(longitude);
    target[1] = across * Math.sin(longitude);
    target[2] = (radius * (1 - this._e2) + height) * sin;
  }

  /** By Bowring's formula with one more step, which is exact to a nanometre near the Earth. */
  public toGeodetic(point: Ecef, target: Geodetic): void {
    const { _a: a, _b: b, _e2: e2 } = this;
    const [x, y, z] = point;
    const across = Math.sqrt(x * x + y * y); // Math.hypot is many times slower
    if (across < 1e-9) {
      target[0] = 0;
      target[1] = (Math.sign(z) * Math.PI) / 2;
      target[2] = Math.abs(z) - b;
      return;
    }
    const [first, second] = [this._second * b, e2 * a];
    let tangent = (z * a) / (across * b);
    let up = 0;
    let out = 1;
    for (let round = 0; round < 2; round++) {
      const cos = 1 / Math.sqrt(1 + tangent * tangent);
      const sin = tangent * cos;
      up = z + first * sin * sin * sin;
      out = across - second * cos * cos * cos;
      tangent = (b * up) / (a * out);
    }
    const length = Math.sqrt(up * up + out * out);
    const [sin, cos] = [up / length, out / length];
    target[0] = Math.atan2(y, x);
    target[1] = Math.atan2(up, out);
    target[2] = across * cos + z * sin - a * Math.sqrt(1 - e2 * sin * sin);
  }
}

/** A shift between two datums by seven parameters: linear, as PROJ does it, and with an exact way back. */
export class HelmertShift {
  private readonly _forward: Matrix;
  private readonly _back: Matrix;
  private readonly _translation: readonly [number, number, number];

  /** @param values - position vector convention: metres, seconds of arc, parts per million */
  public constructor(values: HelmertValues) {
    const [tx = 0, ty = 0, tz = 0, sx = 0, sy = 0, sz = 0, ppm = 0] = values;
    const [rx, ry, rz] = [sx, sy, sz].map((seconds) => seconds * radiansPerSecond) as [number, number, number];
    const m = 1 + ppm * 1e-6;
    this._translation = [tx, ty, tz];
    this._forward = [m, -m * rz, m * ry, m * rz, m, -m * rx, -m * ry, m * rx, m];
    this._back = inverse(this._forward);
  }

  public forward(point: Ecef): void {
    const [x, y, z] = point;
    const [tx, ty, tz] = this._translation;
    multiply(this._forward, x, y, z, point);
    point[0] += tx;
    point[1] += ty;
    point[2] += tz;
  }

  public back(point: Ecef): void {
    const [tx, ty, tz] = this._translation;
    multiply(this._back, point[0] - tx, point[1] - ty, point[2] - tz, point);
  }
}

/** Three rows of three numbers. */
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

function multiply(m: Matrix, x: number, y: number, z: number, target: Ecef): void {
  target[0] = m[0] * x + m[1] * y + m[2] * z;
  target[1] = m[3] * x + m[4] * y + m[5] * z;
  target[2] = m[6] * x + m[7] * y + m[8] * z;
}

function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const part = (value: number) => value / determinant;
  return [
    part(e * i - f * h), part(c * h - b * i), part(b * f - c * e),
    part(f * g - d * i), part(a * i - c * g), part(c * d - a * f),
    part(d * h - e * g), part(b * g - a * h), part(a * e - b * d),
  ]; // prettier-ignore
}
