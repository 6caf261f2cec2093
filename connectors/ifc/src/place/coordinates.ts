import type { CoordinateSystem } from "itwin-connector-framework/places";
import type { GeoReference, Report } from "../model/records.js";

/** Coordinates in a coordinate system. */
export interface MapCoordinates {
  /** East and north in metres; of a system of longitudes and latitudes in degrees. */
  readonly coordinates: readonly [east: number, north: number];
  /** Metres for each unit of length that the file has on the map. */
  readonly metres: number;
}

/**
 * The coordinates that a file gives in a system. Metres are never taken for degrees.
 * @param metresPerLength - metres in the file's unit of length
 * @returns undefined for such as do not fit the system, which is reported
 */
export function mapCoordinates(
  reference: GeoReference,
  system: CoordinateSystem,
  metresPerLength: number,
  report: Report,
): MapCoordinates | undefined {
  if (system.isGeographic) {
    const coordinates = degreesOf(reference, system, report);
    return coordinates && { coordinates, metres: reference.metres ?? metresPerLength };
  }
  if (reference.crs?.isGeographic === true || (reference.degrees !== undefined && reference.metres === undefined)) {
    report(
      "degrees-for-metres",
      `${reference.entity} cannot be used: it gives angles, but "${system.name}" has lengths.`,
    );
    return undefined;
  }
  const metres = reference.metres ?? unitByArea(reference, system, metresPerLength, report);
  const [east, north] = reference.coordinates;
  return { coordinates: [east * metres, north * metres], metres };
}

/**
 * By the standard, the unit of a map for which none is named is that of the project. Many programs leave it out where it is
 * metres: it is, where only these lie in the area of the system.
 */
function unitByArea(
  { entity, coordinates: [east, north] }: GeoReference,
  system: CoordinateSystem,
  metresPerLength: number,
  report: Report,
): number {
  const { unit } = system;
  const isWithin = (metres: number) => isInside(system, system.fromEastNorth([east * metres, north * metres]));
  if (Math.abs(unit / metresPerLength - 1) < 1e-3 || isWithin(metresPerLength) === true || isWithin(unit) !== true)
    return metresPerLength;
  report(
    "map-unit",
    `${entity} gives coordinates in a map without a MapUnit. In the project's unit (${metresPerLength} m) they lie outside of the area of "${system.name}"; they are taken for its own unit (${unit} m).`,
  );
  return unit;
}

/** Whether a position is in the area of a system, as far as that is known; undefined if it is not on the Earth. */
export function isInside(system: CoordinateSystem, position: readonly [number, number]): boolean | undefined {
  const [longitude, latitude] = system.transformation(position).toDegrees(position);
  if (!Number.isFinite(longitude) || !(Math.abs(latitude) <= 90)) return undefined;
  return system.isUsedAt(position);
}

function degreesOf(
  reference: GeoReference,
  system: CoordinateSystem,
  report: Report,
): readonly [number, number] | undefined {
  const { entity, crs, coordinates } = reference;
  const factor = degreesPerUnit(reference, report);
  const [east, north] = coordinates.map((value) => value * factor) as [number, number];
  const shown = coordinates.join(", ");
  if (!(Math.abs(east) <= 360 && Math.abs(north) <= 90)) {
    report(
      "metres-for-degrees",
      `${entity} cannot be used: its coordinates ${shown} are no degrees, but "${system.name}" has longitudes and latitudes. Name the projected coordinate system with the option "crs".`,
    );
    return undefined;
  }
  if (east === 0 && north === 0) {
    report(
      "zero",
      `${entity} cannot be used: its coordinates in "${system.name}" are 0, 0, as programs write them where they know no place.`,
    );
    return undefined;
  }
  if (crs !== undefined && !crs.isGeographic && reference.degrees === undefined)
    report(
      "degrees",
      `${entity} names "${system.name}", which has longitudes and latitudes; its coordinates ${shown} are taken for degrees.`,
    );
  return [east, north];
}

/** A project has radians for its angles as a rule, and yet degrees on the map. */
function degreesPerUnit({ entity, degrees, coordinates }: GeoReference, report: Report): number {
  if (degrees === undefined || Math.abs(degrees - 1) < 1e-9) return 1;
  const [east, north] = coordinates;
  if (Math.abs(east * degrees) <= 360 && Math.abs(north * degrees) <= 90) return degrees;
  report(
    "angle-unit",
    `${entity} has coordinates that are too large for the unit of angles; they are taken for degrees.`,
  );
  return 1;
}
