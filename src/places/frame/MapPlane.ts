import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Matrix3d, Point3d, Vector3d, YawPitchRollAngles } from "@itwin/core-geometry";
import { CoordinateSystem } from "../CoordinateSystem.js";
import type { Degrees, Transformation } from "../Transformation.js";

/** A step along the axes, in metres: long enough for the digits, short enough for the curvature. */
const step = 100;

/** How an iModel lies in the plane of a map. */
export interface Seat {
  /** What the iModel's origin is in the plane, in metres. */
  readonly origin: readonly [east: number, north: number];
  /** From the x axis of the plane to that of the iModel, in radians. */
  readonly rotation: number;
  /** Metres in the plane for each metre of the iModel. */
  readonly scale: number;
  /** The height of the iModel's origin above the ellipsoid, in metres. */
  readonly height: number;
}

/** The plane of a projected system, in metres, and how an iModel lies in it. Heights stand on it at right angles. */
export class MapPlane {
  private readonly _cos: number;
  private readonly _sin: number;

  public constructor(
    public readonly system: CoordinateSystem,
    private readonly _transformation: Transformation,
    public readonly seat: Seat,
  ) {
    this._cos = Math.cos(seat.rotation) / seat.scale;
    this._sin = Math.sin(seat.rotation) / seat.scale;
  }

  /** A plane that touches the Earth at a place, in which areas are true. */
  public static at([longitude, latitude]: Degrees, seat: Partial<Seat> = {}): MapPlane {
    const text = `+proj=laea +lat_0=${latitude} +lon_0=${longitude} +x_0=0 +y_0=0 +datum=WGS84 +units=m`;
    const system = CoordinateSystem.read(text);
    return new MapPlane(system, system.transformation([0, 0]), {
      origin: [0, 0],
      rotation: 0,
      scale: 1,
      height: 0,
      ...seat,
    });
  }

  /** How the datum of the map is shifted to WGS 84, and by which grid, if by one. */
  public get shift(): Pick<Transformation, "shift" | "grid"> {
    const { shift, grid } = this._transformation;
    return { shift, grid };
  }

  /** East and north in metres, and a height, as a point of the iModel. */
  public toPoint(east: number, north: number, height: number): Point3d {
    const [dx, dy] = [east - this.seat.origin[0], north - this.seat.origin[1]];
    return Point3d.create(this._cos * dx + this._sin * dy, this._cos * dy - this._sin * dx, height - this.seat.height);
  }

  /** A place on the Earth, in degrees of WGS 84, as metres east and north. */
  public fromDegrees(degrees: Degrees): [number, number] {
    return this.system.eastNorth(this._transformation.fromDegrees(degrees));
  }

  /** An iModel's location whose axes are those of the plane at its origin, with their scale. */
  public location(): EcefLocation {
    const { origin, rotation, scale, height } = this.seat;
    const at = (east: number, north: number) => this._toEcef(origin[0] + east, origin[1] + north, height);
    const along = (east: number, north: number) =>
      Vector3d.createStartEnd(at(-east, -north), at(east, north)).scale(scale / (2 * step));
    const [eastward, northward] = [along(step, 0), along(0, step)];
    const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
    const xVector = Vector3d.createZero().plus2Scaled(eastward, cos, northward, sin);
    const yVector = Vector3d.createZero().plus2Scaled(eastward, -sin, northward, cos);
    const axes = Matrix3d.createColumns(xVector, yVector, upOf(xVector, yVector));
    const rigid = Matrix3d.createRigidFromMatrix3d(axes);
    const orientation = rigid && YawPitchRollAngles.createFromMatrix3d(rigid);
    if (orientation === undefined) throw new RangeError("the map has no axes at the iModel's origin");
    const place = at(0, 0);
    return new EcefLocation({
      origin: place,
      orientation,
      cartographicOrigin: Cartographic.fromEcef(place),
      xVector,
      yVector,
    });
  }

  private _toEcef(east: number, north: number, height: number): Point3d {
    return Point3d.create(...this._transformation.toEcef(this.system.fromEastNorth([east, north]), height));
  }
}

function upOf(xVector: Vector3d, yVector: Vector3d): Vector3d {
  const up = xVector.unitCrossProduct(yVector);
  if (up === undefined) throw new RangeError("the map has no axes at the iModel's origin");
  return up;
}
