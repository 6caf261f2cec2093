import { hash } from "node:crypto";
import { AxisOrder, Matrix3d, Point3d, Transform, Vector3d } from "@itwin/core-geometry";
import type { Placement } from "itwin-connector-framework/places";
import type { FilePoint } from "../model/records.js";
import type { FilePlace } from "./FilePlace.js";

/** Half the distance of the points that show the axes, in metres: long enough for the digits, short enough for the curvature. */
const step = 100;

/** A transform that moves by less than this, in metres, and turns by less than that, in radians, changes nothing. */
const still = { metres: 1e-6, radians: 1e-9 };

/** A scale as near to 1 as this is 1: a hundredth of a millimetre in a kilometre. */
const sameScale = 1e-8;

/** How the coordinates of a file become those of the iModel: turned and moved, and scaled in the plane of the map. */
export class FileTransform {
  private constructor(
    /** Turns and moves. */
    public readonly rigid: Transform,
    /** Metres of the iModel for each metre of the file, along x and y of the file. Heights have no scale. */
    public readonly scale: number,
  ) {}

  /**
   * The transform that is exact around a point of the file.
   * @returns undefined where it changes nothing
   */
  public static around(centre: FilePoint, place: FilePlace, placement: Placement): FileTransform | undefined {
    const at = (x: number, y: number, z: number) => {
      const point: FilePoint = [centre[0] + x, centre[1] + y, centre[2] + z];
      return placement.toPoint(place.toPosition(point), place.toMap(point)[2]);
    };
    const axis = (x: number, y: number, z: number) =>
      Vector3d.createStartEnd(at(-step * x, -step * y, -step * z), at(step * x, step * y, step * z)).scale(
        1 / (2 * step),
      );
    const [x, y, z] = [axis(1, 0, 0), axis(0, 1, 0), axis(0, 0, 1)];
    const matrix = settled(rigidOf(x, y, z));
    const area = Math.sqrt(x.crossProduct(y).magnitude());
    const scale = Math.abs(area - 1) < sameScale ? 1 : area;
    const from = Vector3d.create(centre[0] * scale, centre[1] * scale, centre[2]);
    const origin = at(0, 0, 0).minus(matrix.multiplyVector(from));
    return new FileTransform(Transform.createOriginAndMatrix(origin, matrix), scale)._unlessStill();
  }

  /** Whether it changes next to nothing, as between two ways to compute a place. The scale depends on the height of a plane. */
  public get isTiny(): boolean {
    const { origin, matrix } = this.rigid;
    const turned = matrix.maxDiff(Matrix3d.createIdentity());
    return origin.magnitude() < 1e-3 && turned < 1e-6 && Math.abs(this.scale - 1) < 1e-4;
  }

  /** What tells it from others, to a hundredth of a millimetre at 100 m. */
  public get key(): string {
    const { origin, matrix } = this.rigid;
    const rounded = (values: Iterable<number>, digits: number) =>
      Array.from(values, (value) => value.toFixed(digits).replace(/^-(0\.0+)$/, "$1"));
    const numbers = [
      ...rounded([origin.x, origin.y, origin.z], 5),
      ...rounded(matrix.coffs, 10),
      this.scale.toFixed(9),
    ];
    return hash("sha256", numbers.join(), "base64url").slice(0, 22);
  }

  /** A transform of the file's coordinates, with the scale. */
  public moved(transform: Transform): Transform {
    return this._full.multiplyTransformTransform(transform);
  }

  /** The same with the scale along z, too, which keeps shapes: of what is shared, and so small that its height stays. */
  public movedInShape(transform: Transform): Transform {
    const matrix = this.rigid.matrix.multiplyMatrixMatrix(transform.matrix).scale(this.scale);
    return Transform.createOriginAndMatrix(this._full.multiplyPoint3d(transform.getOrigin()), matrix);
  }

  /** Where a placement goes, which cannot be scaled. */
  public movedPlacement(transform: Transform): Transform {
    const matrix = this.rigid.matrix.multiplyMatrixMatrix(transform.matrix);
    return Transform.createOriginAndMatrix(this._full.multiplyPoint3d(transform.getOrigin()), matrix);
  }

  private get _full(): Transform {
    const { origin, matrix } = this.rigid;
    return Transform.createOriginAndMatrix(origin, matrix.scaleColumns(this.scale, this.scale, 1));
  }

  private _unlessStill(): FileTransform | undefined {
    const { origin, matrix } = this.rigid;
    const isStill = this.scale === 1 && matrix.isIdentity && origin.distance(Point3d.createZero()) < still.metres;
    return isStill ? undefined : this;
  }
}

/** The rotation next to three axes, with z as it is. */
function rigidOf(x: Vector3d, y: Vector3d, z: Vector3d): Matrix3d {
  const along = x.plus(y.crossProduct(z));
  const matrix = Matrix3d.createRigidFromColumns(z, along, AxisOrder.ZXY);
  if (matrix === undefined) throw new RangeError("the place of the file has no axes");
  return matrix;
}

/** Exactly the identity where only the last digits differ. */
function settled(matrix: Matrix3d): Matrix3d {
  return matrix.maxDiff(Matrix3d.createIdentity()) < still.radians ? Matrix3d.createIdentity() : matrix;
}
