import type { Bounds } from "../../places/frame/PointRange.js";

/** What lies beside others is at most so many degrees from their range. */
const tolerance = 1;

/** Whether longitudes and latitudes, in degrees, lie within the range of others or beside it. */
export function isBeside(inner: Bounds | undefined, outer: Bounds): boolean {
  if (inner === undefined) return false;
  const [west, south, east, north] = inner;
  return Math.max(outer[0] - west, outer[1] - south, east - outer[2], north - outer[3]) <= tolerance;
}
