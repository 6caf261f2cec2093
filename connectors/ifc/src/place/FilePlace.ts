import type { CoordinateSystem, CrsNote } from "itwin-connector-framework/places";
import type { FilePoint, GeoReference } from "../model/records.js";

/** How a file lies in the plane of a map. */
export class FilePlace {
  private readonly _cos: number;
  private readonly _sin: number;

  public constructor(
    /** What the file says. */
    public readonly reference: GeoReference,
    /** A projected system. */
    public readonly system: CoordinateSystem,
    /** Where the reference's anchor is in the map, in metres, and how the file is turned and scaled there. */
    private readonly _at: {
      readonly origin: readonly [east: number, north: number];
      readonly height: number;
      readonly scale: number;
    },
    /** What the user should know. */
    public readonly notes: readonly CrsNote[],
  ) {
    this._cos = Math.cos(reference.rotation) * _at.scale;
    this._sin = Math.sin(reference.rotation) * _at.scale;
  }

  /** Metres on the map for each metre of the file. */
  public get scale(): number {
    return this._at.scale;
  }

  /** A point of the file in the map: east, north and height, in metres. */
  public toMap([x, y, z]: FilePoint): [east: number, north: number, height: number] {
    const [anchorX, anchorY, anchorZ] = this.reference.anchor;
    const { origin, height } = this._at;
    const [dx, dy] = [x - anchorX, y - anchorY];
    return [
      origin[0] + this._cos * dx - this._sin * dy,
      origin[1] + this._sin * dx + this._cos * dy,
      height + z - anchorZ,
    ];
  }

  /** A point of the file in the coordinates of the system. */
  public toPosition(point: FilePoint): [number, number] {
    const [east, north] = this.toMap(point);
    return this.system.fromEastNorth([east, north]);
  }
}
