import { cross, dot, minus, plus, scaled, unit, up, zero, type Vector } from "./vectors.js";

/** A place: an origin, and the directions of its axes. They can be longer or shorter than 1, as those of a mapped item. */
export interface Axes {
  readonly origin: Vector;
  readonly x: Vector;
  readonly y: Vector;
  readonly z: Vector;
}

/** The axes of the file itself. */
export const identity: Axes = { origin: zero, x: [1, 0, 0], y: [0, 1, 0], z: up };

/** A point in some axes as a point of what the axes are in. */
export function pointAt({ origin, x, y, z }: Axes, [a, b, c]: Vector): Vector {
  return plus(origin, plus(scaled(x, a), plus(scaled(y, b), scaled(z, c))));
}

/** A direction in some axes, with its length. */
export function directionAt(axes: Axes, direction: Vector): Vector {
  return minus(pointAt(axes, direction), axes.origin);
}

/** Axes in other axes. */
export function within(parent: Axes, { origin, x, y, z }: Axes): Axes {
  return {
    origin: pointAt(parent, origin),
    x: directionAt(parent, x),
    y: directionAt(parent, y),
    z: directionAt(parent, z),
  };
}

/** The inverse of axes that are perpendicular and of length 1. */
export function inverse({ origin, x, y, z }: Axes): Axes {
  const turned: Axes = {
    origin: zero,
    x: [x[0], y[0], z[0]],
    y: [x[1], y[1], z[1]],
    z: [x[2], y[2], z[2]],
  };
  return { ...turned, origin: scaled(pointAt(turned, origin), -1) };
}

/** Perpendicular axes: z as it is, and x as near to a direction as z lets it be. */
export function axesOf(origin: Vector, z: Vector, along: Vector): Axes {
  const zAxis = unit(z);
  const across = minus(along, scaled(zAxis, dot(along, zAxis)));
  const isParallel = dot(across, across) < 1e-20;
  const x = unit(isParallel ? cross([0, 1, 0], zAxis) : across);
  return { origin, x, y: cross(zAxis, x), z: zAxis };
}

/** Perpendicular axes along a curve: x along the tangent, y to the left and level, z as far up as x lets it be. */
export function axesAlong(origin: Vector, tangent: Vector): Axes {
  const x = unit(tangent);
  const left = cross(up, x);
  const y = dot(left, left) < 1e-20 ? ([0, 1, 0] as const) : unit(left);
  return { origin, x, y, z: cross(x, y) };
}

/** Twelve numbers, by row: each row of the matrix is followed by its part of the translation. */
export function rowsOf({ origin, x, y, z }: Axes): number[] {
  return ([0, 1, 2] as const).flatMap((row) => [x[row], y[row], z[row], origin[row]]);
}
