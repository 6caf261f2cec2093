import type { Report } from "../records.js";

/** The direction of the x axis in the map, from east to north, in radians. One that is missing is that of east. */
export function rotationOf(
  entity: string,
  abscissa: number | undefined,
  ordinate: number | undefined,
  report: Report,
): number {
  if (abscissa === undefined && ordinate === undefined) return 0;
  const [x, y] = [abscissa ?? 0, ordinate ?? 0];
  if (x !== 0 || y !== 0) return Math.atan2(y, x);
  report(
    "x-axis",
    `${entity} gives the x axis no direction: XAxisAbscissa and XAxisOrdinate are 0. It is taken for east.`,
  );
  return 0;
}
