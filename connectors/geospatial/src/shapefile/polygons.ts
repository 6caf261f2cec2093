import type { Polygon, Position } from "../source/Feature.js";

type Ring = readonly Position[];

/**
 * The polygons of a record. A ring that goes clockwise is the outside of one; one that goes the other way is a hole in
 * the smallest outside that it lies in, and a polygon of its own where it lies in none.
 */
export function polygonsOf(rings: readonly Ring[]): Polygon[] {
  const measured = rings.map((ring) => ({ ring, area: signedArea(ring) }));
  const outsides = measured
    .filter(({ area }) => area <= 0)
    .map(({ ring, area }) => ({ ring, size: -area, holes: [] as Ring[] }));
  const polygons: Polygon[] = [];
  for (const { ring, area } of measured) {
    if (area <= 0) continue;
    const around = outsides.filter((outside) => outside.size >= area && contains(outside.ring, ring));
    const nearest = around.sort((left, right) => left.size - right.size)[0];
    if (nearest === undefined) polygons.push([ring]);
    else nearest.holes.push(ring);
  }
  return [...outsides.map(({ ring, holes }) => [ring, ...holes]), ...polygons];
}

/** The area within a ring, below zero where it goes clockwise. Relative to its first point, so that digits are kept. */
export function signedArea(ring: Ring): number {
  const [x0, y0] = ring[0] ?? [0, 0];
  let sum = 0;
  let [ax, ay] = [x0, y0];
  for (const [bx, by] of ring) {
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    ax = bx;
    ay = by;
  }
  return sum / 2;
}

/** Whether most points of a ring lie in another one; they may touch. */
function contains(outer: Ring, inner: Ring): boolean {
  let inside = 0;
  for (const position of inner) inside += isInside(position, outer) ? 1 : 0;
  return (
    inside * 2 > inner.length || inner.some((position, index) => isInside(middle(position, inner[index + 1]), outer))
  );
}

function middle([x, y]: Position, [nextX, nextY]: Position = [x, y]): Position {
  return [(x + nextX) / 2, (y + nextY) / 2];
}

/** Counts how many edges lie to the right. */
function isInside([x, y]: Position, ring: Ring): boolean {
  let isOdd = false;
  let [ax, ay] = ring[0] ?? [0, 0];
  for (const [bx, by] of ring) {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isOdd = !isOdd;
    ax = bx;
    ay = by;
  }
  return isOdd;
}
