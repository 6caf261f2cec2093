/**
 * An IfcCompoundPlaneAngleMeasure in degrees: degrees, minutes, seconds and millionths of a second, all of one sign.
 * @returns undefined for an empty one
 */
export function degreesOf(parts: readonly number[]): number | undefined {
  const [degrees, minutes = 0, seconds = 0, millionths = 0] = parts;
  if (degrees === undefined) return undefined;
  return degrees + minutes / 60 + (seconds + millionths / 1e6) / 3600;
}
