import type { Point3d } from "@itwin/core-geometry";

/** What an element shows, as far as a map can draw it. Coordinates are those of the iModel. */
export interface Shape {
  readonly points: readonly Point3d[];
  readonly lines: readonly (readonly Point3d[])[];
  /** Rings of areas, the outer one first, each closed. */
  readonly areas: readonly (readonly (readonly Point3d[])[])[];
}

/** Twice the area of a ring as seen from above, positive if it runs counterclockwise. */
export function areaOf(ring: readonly { readonly x: number; readonly y: number }[]): number {
  const [first] = ring;
  if (first === undefined) return 0;
  let area = 0; // relative to the first point, so that large coordinates cancel
  for (let index = 1; index < ring.length; index++) {
    const [from, to] = [ring[index - 1] ?? first, ring[index] ?? first];
    area += (from.x - first.x) * (to.y - first.y) - (to.x - first.x) * (from.y - first.y);
  }
  return area;
}
