import { Point3d, Transform, type Matrix3d } from "@itwin/core-geometry";
import type { Position } from "../source/Feature.js";

/** How the positions of a source become points in the iModel. */
export interface Frame {
  /** What tells it from others, so that elements are written anew under another one. */
  readonly key: string;
  /** A point in the iModel, in metres. */
  toPoint(position: Position): Point3d;
}

/** Coordinates that are nowhere on the Earth: they stay as they are, but for their unit. */
export function localFrame(metresPerUnit: number): Frame {
  return {
    key: `local ${metresPerUnit}`,
    toPoint: ([east, north, up = 0]) => Point3d.create(east * metresPerUnit, north * metresPerUnit, up * metresPerUnit),
  };
}

/**
 * A plane of coordinates that touches the iModel at its origin.
 * @param origin - what the iModel's origin is in the plane, in metres
 * @param axes - the directions of east and north in the iModel
 */
export function planeFrame(
  key: string,
  {
    origin,
    axes,
    toPlane,
    metresPerUp,
  }: { origin: Point3d; axes: Matrix3d; toPlane: (position: Position) => [number, number]; metresPerUp: number },
): Frame {
  const transform = Transform.createOriginAndMatrix(undefined, axes);
  return {
    key,
    toPoint: (position) => {
      const [east, north] = toPlane(position);
      return transform.multiplyXYZ(east - origin.x, north - origin.y, (position[2] ?? 0) * metresPerUp);
    },
  };
}
