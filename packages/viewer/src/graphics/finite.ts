/**
 * Leaves out the triangles, or segments, that have a corner which is not a finite number.
 * @param corners - how many corners each has
 * @returns the same indices if all are finite
 */
export function finiteOnly(points: Float64Array, indices: Int32Array, corners: number): Int32Array {
  let sum = 0;
  for (const value of points) sum += value * 0; // NaN and infinity make it NaN
  if (sum === 0) return indices;
  const isFinite = (index: number) => points.subarray(3 * index, 3 * index + 3).every(Number.isFinite);
  return indices.filter((_, place) => {
    const first = place - (place % corners);
    return indices.subarray(first, first + corners).every(isFinite);
  });
}
