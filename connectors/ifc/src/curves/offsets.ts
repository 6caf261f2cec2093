import { axesAlong } from "./axes.js";
import { Curve } from "./Curve.js";
import { ByDistance, Computed, Conic, Part } from "./curves.js";
import { Polyline } from "./Polyline.js";
import { cross, distanceOf, dot, lengthOf, minus, plus, scaled, unit, type Vector } from "./vectors.js";

/**
 * A curve beside another one.
 * @param sideOf - the direction of the offset for a tangent, of length 1
 */
export function offsetCurve(basis: Curve, distance: number, sideOf: (tangent: Vector) => Vector): Curve {
  const exact = offsetArc(basis, distance, sideOf);
  if (exact !== undefined) return exact;
  if (basis.breaks().length > 0 || basis instanceof Polyline)
    return offsetPolyline(basis.sample(basis.start, basis.end, 1e-4), distance, sideOf);
  return new Computed(basis.start, basis.end, (u) => plus(basis.at(u), scaled(sideOf(basis.tangent(u)), distance)));
}

/** An arc of a circle in its plane stays one. */
function offsetArc(basis: Curve, distance: number, sideOf: (tangent: Vector) => Vector): Curve | undefined {
  const [piece, ...more] = basis.pieces(basis.start, basis.end, 1e-4);
  if (piece?.kind !== "arc" || more.length > 0) return undefined;
  const { center, x, y, start, sweep } = piece;
  const radius = lengthOf(x);
  const outwards = unit(minus(basis.at(basis.start), center));
  const grown = radius + distance * dot(outwards, sideOf(basis.tangent(basis.start)));
  const isFlat = Math.abs(Math.abs(dot(outwards, sideOf(basis.tangent(basis.start)))) - 1) < 1e-9;
  if (!isFlat || Math.abs(lengthOf(y) - radius) > 1e-9 * radius || !(grown > 0)) return undefined;
  const circle = new Conic(center, scaled(x, grown / radius), scaled(y, grown / radius));
  return new Part(circle, start, start + sweep);
}

/** At a corner, the offset lines meet where both are at the distance. */
function offsetPolyline(points: readonly Vector[], distance: number, sideOf: (tangent: Vector) => Vector): Polyline {
  const distinct = points.filter((point, index) => index === 0 || distanceOf(point, points[index - 1] ?? point) > 0);
  const sides = distinct.slice(1).map((point, index) => sideOf(unit(minus(point, distinct[index] ?? point))));
  const moved = distinct.map((point, index) => {
    const [before, after] = [sides[index - 1] ?? sides[index], sides[index] ?? sides[index - 1]];
    if (before === undefined || after === undefined) return point;
    const sum = plus(before, after);
    const share = 1 + dot(before, after);
    return plus(point, scaled(sum, share < 1e-6 ? 0 : distance / share));
  });
  return new Polyline(moved);
}

/** The direction to the left of a tangent, in the plane. */
export function leftOf(tangent: Vector): Vector {
  return unit([-tangent[1], tangent[0], 0]);
}

/** The direction of an IfcOffsetCurve3D: perpendicular to its reference direction and the tangent. */
export function besides(reference: Vector): (tangent: Vector) => Vector {
  return (tangent) => unit(cross(reference, tangent));
}

/** An offset at a distance along a curve: to the left and up, in metres. */
export interface OffsetAt {
  readonly distance: number;
  readonly left: number;
  readonly above: number;
}

/** A curve beside another one, with offsets that change from one distance to the next. One offset holds for all of it. */
export function offsetByDistances(basis: Curve, given: readonly OffsetAt[]): Curve {
  const offsets = [...given].sort((a, b) => a.distance - b.distance);
  const [first, last] = [offsets[0], offsets.at(-1)];
  const all = basis.distanceAt(basis.end);
  const [from, to] = offsets.length > 1 ? [first?.distance ?? 0, last?.distance ?? all] : [0, all];
  const at = (distance: number) => {
    const u = Math.min(Math.max(basis.parameterAt(distance), basis.start), basis.end);
    const { origin, y, z } = axesAlong(basis.at(u), basis.derivative(u));
    const { left, above } = offsetAt(offsets, distance);
    return plus(origin, plus(scaled(y, left), scaled(z, above)));
  };
  const corners = [...offsets.map(({ distance }) => distance), ...basis.breaks().map((u) => basis.distanceAt(u))];
  return new ByDistance(
    from,
    to,
    at,
    corners.sort((a, b) => a - b),
  );
}

function offsetAt(offsets: readonly OffsetAt[], distance: number): Omit<OffsetAt, "distance"> {
  const place = offsets.findIndex((offset) => offset.distance >= distance);
  const after = offsets[place < 0 ? offsets.length - 1 : place] ?? { distance: 0, left: 0, above: 0 };
  const before = offsets[place - 1] ?? after;
  const range = after.distance - before.distance;
  const share = range > 0 ? (distance - before.distance) / range : 1;
  return {
    left: before.left + (after.left - before.left) * share,
    above: before.above + (after.above - before.above) * share,
  };
}
