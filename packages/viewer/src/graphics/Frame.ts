import { Matrix3d, YawPitchRollAngles } from "@itwin/core-geometry";
import type { Vector, Matrix } from "./Matrix.js";
import type { Placements, Rotation } from "./Placements.js";

/** The rotation of an element's placement, in degrees. */
export type Angles = readonly [yaw: number, pitch: number, roll: number];

/** A rotation, row by row. */
type Rows = readonly [number, number, number, number, number, number, number, number, number];

/** The directions of the axes of a rotated placement. */
export class Frame {
  private readonly _matrix: Matrix3d;
  private readonly _rows: Rows;
  /** The same as a quaternion. */
  public readonly rotation: Rotation;

  public constructor([yaw, pitch, roll]: Angles) {
    this._matrix = YawPitchRollAngles.createDegrees(yaw, pitch, roll).toMatrix3d();
    this._rows = Array.from(this._matrix.coffs) as unknown as Rows;
    this.rotation = quaternionOf(this._matrix);
  }

  /**
   * Turns vectors into the frame, in place.
   * @param length - how many numbers of the array are used
   */
  public toLocal(vectors: Float64Array, length: number): void {
    const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = this._rows;
    for (let i = 0; i < length; i += 3) {
      const x = vectors[i] ?? 0;
      const y = vectors[i + 1] ?? 0;
      const z = vectors[i + 2] ?? 0;
      vectors[i] = xx * x + yx * y + zx * z;
      vectors[i + 1] = xy * x + yy * y + zy * z;
      vectors[i + 2] = xz * x + yz * y + zz * z;
    }
  }

  /** Turns a vector of the frame into the world. */
  public toWorld([x, y, z]: Vector): Vector {
    const vector = this._matrix.multiplyXYZ(x, y, z);
    return [vector.x, vector.y, vector.z];
  }
}

/** The quaternion of a rotation. The platform's has the opposite sense of rotation. */
function quaternionOf(matrix: Matrix3d): Rotation {
  const { x, y, z, w } = matrix.toQuaternion();
  return [-x, -y, -z, w];
}

/** Adds the place of a GeometryPart. `exportGraphics` promises a rotation with a positive scale. */
export function addTransform(placements: Placements, element: number, transform: Matrix): void {
  const [xx, xy, xz, x, yx, yy, yz, y, zx, zy, zz, z] = transform;
  const scale = Math.hypot(xx, yx, zx);
  const matrix = Matrix3d.createRowValues(xx, xy, xz, yx, yy, yz, zx, zy, zz).scale(1 / scale);
  placements.add(element, [x, y, z], quaternionOf(matrix), [scale, scale, scale]);
}
