import { IndexedPolyface, Point3d, Transform } from "@itwin/core-geometry";
import type { PlacedMesh } from "../model/records.js";

/**
 * A mesh as a polyface. Points that web-ifc repeats for each face become one; a triangle without an area that this leaves
 * is left out.
 * @param transform - where it goes; one that mirrors turns the triangles around
 */
export function polyfaceOf({ points, triangles }: PlacedMesh, transform: Transform): IndexedPolyface {
  const polyface = IndexedPolyface.create();
  polyface.twoSided = true; // IFC has surfaces that are seen from both sides
  const indices = weld(points, transform, polyface);
  const indexAt = (corner: number) => indices[triangles[corner] ?? 0] ?? 0;
  const isMirrored = transform.matrix.determinant() < 0;
  for (let corner = 0; corner < triangles.length; corner += 3) {
    const [a, b, c] = [indexAt(corner), indexAt(corner + 1), indexAt(corner + 2)];
    if (a === b || b === c || c === a) continue;
    for (const index of isMirrored ? [a, c, b] : [a, b, c]) polyface.addPointIndex(index, true);
    polyface.terminateFacet(false);
  }
  return polyface;
}

/** Adds each point once, and returns the index of each of the given ones. */
function weld(points: Float64Array, transform: Transform, polyface: IndexedPolyface): Uint32Array {
  const known = new Map<string, number>();
  const indices = new Uint32Array(points.length / 3);
  const point = Point3d.create();
  for (let index = 0; index < indices.length; index++) {
    const [x, y, z] = [points[3 * index] ?? 0, points[3 * index + 1] ?? 0, points[3 * index + 2] ?? 0];
    const key = `${x} ${y} ${z}`;
    let welded = known.get(key);
    if (welded === undefined) {
      welded = polyface.addPoint(transform.multiplyXYZ(x, y, z, point));
      known.set(key, welded);
    }
    indices[index] = welded;
  }
  return indices;
}
