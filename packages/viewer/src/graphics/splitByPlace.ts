import type { Vector } from "./Matrix.js";
import type { Elements } from "./Elements.js";

/** How far the centres of elements reach along an axis. */
interface AxisRange {
  readonly axis: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The longest edge of a batch, in metres: 16 km from its middle, single-precision numbers are half a millimetre apart.
 */
const maxExtent = 32_000;

/**
 * Splits elements into batches of those that lie together, so that a viewer can leave out what it does not show, and
 * positions relative to the middle of a batch are exact.
 */
export function splitByPlace(elements: Elements, members: Uint32Array, maxCount: number): Uint32Array[] {
  const { axis, low, high } = longestAxis(elements, members);
  if (members.length <= maxCount && high - low <= maxExtent) return [members];
  const middle = (low + high) / 2;
  const isLow = (index: number) => elements.center(index, axis) < middle;
  const [lower, upper] = [members.filter(isLow), members.filter((index) => !isLow(index))];
  // All are at one place, or too close together to be divided by a number.
  if (lower.length === 0 || upper.length === 0) return inPieces(members, maxCount);
  return [...splitByPlace(elements, lower, maxCount), ...splitByPlace(elements, upper, maxCount)];
}

/** What is in the middle of the centres of some elements. */
export function middleOf(elements: Elements, members: Uint32Array): Vector {
  const middle = (axis: number) => {
    const { low, high } = rangeAlong(elements, members, axis);
    return (low + high) / 2;
  };
  return [middle(0), middle(1), middle(2)];
}

/** The axis along which the centres of some elements lie farthest apart. */
function longestAxis(elements: Elements, members: Uint32Array): AxisRange {
  const ranges = [0, 1, 2].map((axis) => rangeAlong(elements, members, axis));
  return ranges.reduce((longest, range) => (range.high - range.low > longest.high - longest.low ? range : longest));
}

function rangeAlong(elements: Elements, members: Uint32Array, axis: number): AxisRange {
  let [low, high] = [Infinity, -Infinity];
  for (const index of members) {
    const center = elements.center(index, axis);
    low = Math.min(low, center);
    high = Math.max(high, center);
  }
  return { axis, low, high };
}

function inPieces(members: Uint32Array, maxCount: number): Uint32Array[] {
  const pieces: Uint32Array[] = [];
  for (let start = 0; start < members.length; start += maxCount) pieces.push(members.subarray(start, start + maxCount));
  return pieces;
}
