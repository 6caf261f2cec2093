/** X, y and z. */
export type Vector = readonly [x: number, y: number, z: number];

/** Three rows of four numbers: a rotation with a scale, and a translation in the last column. */
export type Matrix = readonly [
  xx: number, xy: number, xz: number, x: number,
  yx: number, yy: number, yz: number, y: number,
  zx: number, zy: number, zz: number, z: number,
]; // prettier-ignore

/** Leaves everything where it is. */
export const identity: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** The transform of a GeometryPart, as `exportGraphics` gives it. */
export function matrixOf(transform: Float64Array | undefined): Matrix {
  return transform?.length === 12 ? (Array.from(transform) as unknown as Matrix) : identity;
}

/** The same without the translation, for directions. */
export function withoutTranslation([xx, xy, xz, , yx, yy, yz, , zx, zy, zz]: Matrix): Matrix {
  return [xx, xy, xz, 0, yx, yy, yz, 0, zx, zy, zz, 0];
}

/**
 * Moves points.
 * @param target - receives the moved points
 * @param first - where in the target
 * @param center - what the moved points are relative to
 */
export function movePoints(
  target: Float32Array | Float64Array,
  first: number,
  points: Float32Array | Float64Array,
  [xx, xy, xz, tx, yx, yy, yz, ty, zx, zy, zz, tz]: Matrix,
  center: Vector = [0, 0, 0],
): void {
  const ox = tx - center[0];
  const oy = ty - center[1];
  const oz = tz - center[2];
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i] ?? 0;
    const y = points[i + 1] ?? 0;
    const z = points[i + 2] ?? 0;
    target[first + i] = xx * x + xy * y + xz * z + ox;
    target[first + i + 1] = yx * x + yy * y + yz * z + oy;
    target[first + i + 2] = zx * x + zy * y + zz * z + oz;
  }
}

/** Moves points, into an array of their own. */
export function movedPoints(points: Float64Array, matrix: Matrix): Float64Array {
  const moved = new Float64Array(points.length);
  movePoints(moved, 0, points, matrix);
  return moved;
}
