import type { IfcFile } from "../IfcFile.js";
import type { FilePoint } from "../records.js";

/** A place in the file: an origin, and the directions of its axes. */
export interface FileAxes {
  readonly origin: FilePoint;
  readonly x: FilePoint;
  readonly y: FilePoint;
  readonly z: FilePoint;
}

/** Placements within each other deeper than this go in a circle. */
const deepest = 200;

/** The axes of the file itself. */
export const fileAxes: FileAxes = { origin: [0, 0, 0], x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

/** Where things of a file are placed, in metres, without web-ifc, which takes long to open the file. */
export class Placements {
  private readonly _known = new Map<number, FileAxes>();

  /** @param _metresPerLength - metres in the unit of the file's lengths */
  public constructor(
    private readonly _file: IfcFile,
    private readonly _metresPerLength: number,
  ) {}

  /** The axes of an entity with an ObjectPlacement. What is no IfcLocalPlacement stands where its parent does. */
  public ofEntity(id: number): FileAxes {
    const placement = this._file.reference(id, "ObjectPlacement");
    return placement === undefined ? fileAxes : this._ofPlacement(placement, 0);
  }

  /** The axes of an IfcAxis2Placement2D or 3D. */
  public ofAxes(id: number): FileAxes {
    const location = this._file.reference(id, "Location");
    const origin = vector(location === undefined ? [] : this._file.numbers(location, "Coordinates"));
    const z = unit(this._direction(id, "Axis") ?? [0, 0, 1]);
    const along = this._direction(id, "RefDirection") ?? [1, 0, 0];
    const x = unit(minus(along, scaled(z, dot(along, z))));
    return { origin: scaled(origin, this._metresPerLength), x, y: cross(z, x), z };
  }

  /** A point in some axes as a point of the file. */
  public static at({ origin, x, y, z }: FileAxes, [a, b, c]: FilePoint): FilePoint {
    return plus(origin, plus(scaled(x, a), plus(scaled(y, b), scaled(z, c))));
  }

  private _ofPlacement(id: number, depth: number): FileAxes {
    const known = this._known.get(id);
    if (known !== undefined || depth > deepest) return known ?? fileAxes;
    const parentId = this._file.reference(id, "PlacementRelTo");
    const parent = parentId === undefined ? fileAxes : this._ofPlacement(parentId, depth + 1);
    const relative = this._file.reference(id, "RelativePlacement");
    const axes = relative === undefined ? parent : within(parent, this.ofAxes(relative));
    this._known.set(id, axes);
    return axes;
  }

  private _direction(id: number, attribute: string): FilePoint | undefined {
    const direction = this._file.reference(id, attribute);
    return direction === undefined ? undefined : vector(this._file.numbers(direction, "DirectionRatios"));
  }
}

function within(parent: FileAxes, { origin, x, y, z }: FileAxes): FileAxes {
  const turned = { ...parent, origin: fileAxes.origin };
  const [ownX, ownY, ownZ] = [x, y, z].map((axis) => Placements.at(turned, axis)) as [FilePoint, FilePoint, FilePoint];
  return { origin: Placements.at(parent, origin), x: ownX, y: ownY, z: ownZ };
}

function vector([x = 0, y = 0, z = 0]: readonly number[]): FilePoint {
  return [x, y, z];
}

function plus(a: FilePoint, b: FilePoint): FilePoint {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function minus(a: FilePoint, b: FilePoint): FilePoint {
  return plus(a, scaled(b, -1));
}

function scaled([x, y, z]: FilePoint, factor: number): FilePoint {
  return [x * factor, y * factor, z * factor];
}

function dot(a: FilePoint, b: FilePoint): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: FilePoint, b: FilePoint): FilePoint {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: FilePoint): FilePoint {
  const length = Math.hypot(...a);
  return length > 0 ? scaled(a, 1 / length) : [1, 0, 0];
}
