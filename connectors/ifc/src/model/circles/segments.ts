/** How far straight segments may be from curves where nobody says, in metres. */
export const defaultTolerance = 0.002;

/** A circle of so many segments is 1.1 % too small in area; with those of a bend, a pipe stays within 2 % in volume. */
const fewest = 24;

/** More segments than these make meshes large for a difference that nobody sees. */
const most = 96;

/** Numbers of segments that are made. web-ifc takes one number for a file, so that each of them needs a file. */
const levels = [fewest, 36, 48, 72, most] as const;

/** The level of what has no circles, or small ones only. */
export const lowestLevel = 0;

/** The number of segments of a level. */
export function segmentsOf(level: number): number {
  return levels[level] ?? most;
}

/** The lowest level that has so many segments. */
export function levelFor(segments: number): number {
  const level = levels.findIndex((count) => count >= segments);
  return level < 0 ? levels.length - 1 : level;
}

/**
 * In how many segments an arc is cut, such that they are nowhere farther from it than the tolerance.
 * @param radius - in the unit of the tolerance
 * @param angle - in radians
 */
export function segmentsFor(radius: number, tolerance: number, angle = 2 * Math.PI): number {
  if (!(radius > tolerance)) return 0;
  const count = Math.abs(angle) / (2 * Math.acos(1 - tolerance / radius));
  return Math.ceil(count - 1e-9);
}
