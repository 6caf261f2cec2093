/** A point or a direction, by its coordinates. */
export type Vector = readonly [x: number, y: number, z: number];

export const zero: Vector = [0, 0, 0];
export const up: Vector = [0, 0, 1];

/** The vector of coordinates. Missing ones are 0. */
export function vector([x = 0, y = 0, z = 0]: readonly number[]): Vector {
  return [x, y, z];
}

export function plus(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scaled([x, y, z]: Vector, factor: number): Vector {
  return [x * factor, y * factor, z * factor];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function lengthOf(a: Vector): number {
  return Math.hypot(a[0], a[1], a[2]);
}

export function distanceOf(a: Vector, b: Vector): number {
  return lengthOf(minus(a, b));
}

/** A vector of length 1 of the same direction; along x for one without a length. */
export function unit(a: Vector): Vector {
  const length = lengthOf(a);
  return length > 0 ? scaled(a, 1 / length) : [1, 0, 0];
}

/** The point at a share of the way from one to another. */
export function between(a: Vector, b: Vector, share: number): Vector {
  return plus(a, scaled(minus(b, a), share));
}
