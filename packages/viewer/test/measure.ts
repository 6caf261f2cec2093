import type { Id64String } from "@itwin/core-bentley";
import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";

/** Corners of triangles: nine numbers for each. */
type Triangles = ReadonlyMap<Id64String, number[]>;

/** The box around triangles, and their area. */
export function measure(corners: readonly number[]): { low: number[]; high: number[]; area: number } {
  const axis = (first: number) => corners.filter((_, place) => place % 3 === first);
  const bound = (choose: (...values: number[]) => number) =>
    [0, 1, 2].map((first) => axis(first).reduce((found, value) => choose(found, value)));
  let area = 0;
  for (let i = 0; i < corners.length; i += 9) {
    const [a, b, c] = [0, 3, 6].map((place) => Point3d.create(...corners.slice(i + place, i + place + 3))) as [
      Point3d,
      Point3d,
      Point3d,
    ];
    area += a.crossProductToPointsMagnitude(b, c) / 2;
  }
  return { low: bound(Math.min), high: bound(Math.max), area };
}

/** Expects the same elements with the same triangles, to a millimetre. */
export function expectSameTriangles(actual: Triangles, expected: Triangles): void {
  expect([...actual.keys()].sort()).to.deep.equal([...expected.keys()].sort());
  for (const [id, corners] of expected) {
    const found = actual.get(id)!;
    expect(found.length, id).to.equal(corners.length);
    const [left, right] = [measure(found), measure(corners)];
    for (const axis of [0, 1, 2]) {
      expect(left.low[axis], id).to.be.closeTo(right.low[axis]!, 0.001);
      expect(left.high[axis], id).to.be.closeTo(right.high[axis]!, 0.001);
    }
    expect(left.area, id).to.be.closeTo(right.area, 0.001 * right.area);
  }
}
