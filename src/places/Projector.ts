import { projectionOf, type Projection } from "./projectionLibrary.js";
import type { CrsDefinition } from "./model.js";

const degree = Math.PI / 180;

/** Coordinates beyond are no places. Projections answer with places all the same, so they are not asked. */
const mostMetres = 70_000_000;
const mostDegrees = 540;
const mostLatitude = 90 + 1e-9;

/** From the coordinates of a system to longitude and latitude on its own ellipsoid, from Greenwich, and back. */
export class Projector {
  private readonly _projection: Projection | undefined;
  private readonly _unit: number;
  private readonly _meridian: number;
  private readonly _axes: string;

  public constructor({ projection, unit, datum, axes }: CrsDefinition) {
    this._projection = projection === undefined ? undefined : makeProjection(projection, datum.ellipsoid);
    this._unit = unit;
    this._meridian = datum.meridian;
    this._axes = axes;
  }

  /** To degrees; NaN where there is no such place. */
  public toDegrees([first, second]: readonly [number, number]): [number, number] {
    const radians: [number, number] = [0, 0];
    this.inverse(first, second, radians);
    return [radians[0] / degree, radians[1] / degree];
  }

  /** The two coordinates as east and north in metres, or in degrees. */
  public eastNorth(first: number, second: number): [number, number] {
    const { _axes: axes, _unit: unit } = this;
    const [east, north] = axes === "en" ? [first, second] : eastNorth(axes, first, second);
    return [east * unit, north * unit];
  }

  /** East and north in metres, or in degrees, as the two coordinates. */
  public fromEastNorth(east: number, north: number): [number, number] {
    return fromEastNorth(this._axes, east / this._unit, north / this._unit);
  }

  /** To radians; NaN where there is no such place. */
  public inverse(first: number, second: number, target: [number, number, ...number[]]): void {
    const { _axes: axes, _unit: unit, _projection: projection } = this;
    let x = first;
    let y = second;
    if (axes !== "en") [x, y] = eastNorth(axes, first, second);
    x *= unit;
    y *= unit;
    if (projection === undefined) {
      const isPlace = Math.abs(x) <= mostDegrees && Math.abs(y) <= mostLatitude;
      target[0] = isPlace ? (x + this._meridian) * degree : NaN;
      target[1] = isPlace ? y * degree : NaN;
      return;
    }
    if (!(Math.abs(x) < mostMetres && Math.abs(y) < mostMetres)) {
      target[0] = NaN;
      target[1] = NaN;
      return;
    }
    const place = projection.inverse({ x, y });
    target[0] = finite(place?.x) + this._meridian * degree;
    target[1] = finite(place?.y);
  }

  /** From radians; NaN where the system has no such place. */
  public forward(longitude: number, latitude: number): [number, number] {
    const { _axes: axes, _unit: unit, _projection: projection } = this;
    if (!(Math.abs(longitude) <= mostDegrees * degree && Math.abs(latitude) <= mostLatitude * degree))
      return [NaN, NaN];
    const turned = longitude - this._meridian * degree;
    if (projection === undefined) return fromEastNorth(axes, turned / degree / unit, latitude / degree / unit);
    const point = projection.forward({ x: turned, y: latitude });
    return fromEastNorth(axes, finite(point?.x) / unit, finite(point?.y) / unit);
  }
}

/** Some projections answer infinity, and some nothing, where they have no point. */
function finite(value = NaN): number {
  return Number.isFinite(value) ? value : NaN;
}

function makeProjection(
  text: string,
  { semiMajor, inverseFlattening }: CrsDefinition["datum"]["ellipsoid"],
): Projection {
  const [name = "", ...parameters] = text.split(" ");
  const isWeb = name === "webmerc"; // the formulas of a sphere with the longitudes and latitudes of an ellipsoid
  const shape = isWeb || inverseFlattening === 0 ? `+b=${semiMajor}` : `+rf=${inverseFlattening}`;
  const all = [
    `+proj=${isWeb ? "merc" : name}`,
    `+a=${semiMajor}`,
    shape,
    ...parameters.map((parameter) => `+${parameter}`),
  ];
  const ofProj4 = projectionOf(`${all.join(" ")} +no_defs`);
  const projection = name === "cass" ? cassini(ofProj4, semiMajor, inverseFlattening, parameters) : ofProj4;
  return coarse.has(name) ? refined(projection, semiMajor) : projection;
}

/** The series of the Cassini projection is of no use farther from its meridian, in radians. */
const farthestOfSeries = 0.35;

/** Adds twice the term of the fifth order to the easting: proj4 has it with the wrong sign, which is 6 cm three degrees away. */
function cassini(
  projection: Projection,
  semiMajor: number,
  inverseFlattening: number,
  parameters: readonly string[],
): Projection {
  const flattening = inverseFlattening === 0 ? 0 : 1 / inverseFlattening;
  const e2 = flattening * (2 - flattening);
  const meridian = Number(parameters.find((each) => each.startsWith("lon_0="))?.slice(6) ?? 0) * degree;
  const forward = (place: { x: number; y: number }) => {
    const { x: longitude, y: latitude } = place; // proj4 changes what it is given
    const point = projection.forward(place);
    if (point === null) return null;
    const [sin, cos] = [Math.sin(latitude), Math.cos(latitude)];
    const a = (longitude - meridian) * cos;
    const t = (sin / cos) ** 2;
    const c = (e2 * cos * cos) / (1 - e2);
    if (Math.abs(a) > farthestOfSeries) return null;
    point.x -= ((semiMajor / Math.sqrt(1 - e2 * sin * sin)) * a ** 5 * t * (8 - t + 8 * c)) / 60;
    return point;
  };
  return { forward, inverse: (point) => projection.inverse(point) };
}

/** Projections whose way back is exact to some millimetres only in proj4. */
const coarse = new Set(["cass", "eqearth", "laea"]);

/** A step for slopes, in radians. */
const step = 1e-6;

/** Brings the way back to what the way there says, by one step of Newton's method. */
function refined(projection: Projection, semiMajor: number): Projection {
  const inverse = (point: { x: number; y: number }) => {
    const { x, y } = point; // proj4 changes what it is given
    const place = projection.inverse(point);
    const at = (longitude: number, latitude: number) => projection.forward({ x: longitude, y: latitude });
    if (place === null || Math.abs(place.y) > Math.PI / 2 - 2 * step) return place;
    const [here, east, north] = [at(place.x, place.y), at(place.x + step, place.y), at(place.x, place.y + step)];
    if (here === null || east === null || north === null) return place;
    const [a, b, c, d] = [east.x - here.x, north.x - here.x, east.y - here.y, north.y - here.y];
    const [dx, dy] = [x - here.x, y - here.y];
    const determinant = a * d - b * c;
    if (!(Math.hypot(dx, dy) < 1e-6 * semiMajor) || determinant === 0) return place;
    const [longitude, latitude] = [(d * dx - b * dy) / determinant, (a * dy - c * dx) / determinant];
    return { x: place.x + longitude * step, y: place.y + latitude * step };
  };
  return { forward: (point) => projection.forward(point), inverse };
}

function eastNorth(axes: string, first: number, second: number): [number, number] {
  const [x, y] = /[ew]/.test(axes[0] ?? "") ? [first, second] : [second, first];
  return [axes.includes("w") ? -x : x, axes.includes("s") ? -y : y];
}

function fromEastNorth(axes: string, east: number, north: number): [number, number] {
  if (axes === "en") return [east, north];
  const [x, y] = [axes.includes("w") ? -east : east, axes.includes("s") ? -north : north];
  return /[ew]/.test(axes[0] ?? "") ? [x, y] : [y, x];
}
