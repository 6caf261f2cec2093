import type { Placement3d } from "@itwin/core-common";
import { Point3d, Point3dArray, type Range3d } from "@itwin/core-geometry";
import { areaOf, type Shape } from "./Shape.js";

/** Boxes that are smaller than this in a direction, in metres, have no extent in it. */
const flat = 1e-6;

/**
 * What a map draws of a box: its outline from above, or a line or a point where it has no area. The box is that of the
 * element's own axes, so that a turned building keeps its shape. The height is that of the bottom.
 */
export function footprintOf(placement: Placement3d): Shape {
  const none = { points: [], lines: [], areas: [] };
  const range: Range3d = placement.bbox;
  if (range.isNull) return { ...none, points: [placement.origin] };
  const corners = range.corners().map((corner) => placement.transform.multiplyPoint3d(corner));
  const bottom = Math.min(...corners.map(({ z }) => z));
  const hull: Point3d[] = [];
  Point3dArray.computeConvexHullXY(
    corners.map(({ x, y }) => Point3d.create(x, y, bottom)),
    hull,
    [],
    true,
  );
  const length = longestSide(hull);
  if (length < flat) return { ...none, points: [placement.transform.multiplyPoint3d(range.center)] };
  if (Math.abs(areaOf(hull)) < flat * length) return { ...none, lines: [endsOf(hull)] };
  return { ...none, areas: [[hull]] };
}

function longestSide(ring: readonly Point3d[]): number {
  return Math.max(0, ...ring.slice(1).map((point, index) => point.distance(ring[index] ?? point)));
}

/** The two points of a ring without an area that are farthest from each other. */
function endsOf(ring: readonly Point3d[]): Point3d[] {
  const sorted = [...ring].sort((left, right) => left.x - right.x || left.y - right.y);
  return [sorted.at(0), sorted.at(-1)].filter((point) => point !== undefined);
}
