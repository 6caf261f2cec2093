import type { CoordinateSystem } from "../../places/CoordinateSystem.js";
import type { Bounds, PointRange } from "../../places/frame/PointRange.js";
import type { TableRow } from "../format/TableReader.js";
import type { CoordinateColumns, PositionFault, RowSource } from "./coordinates.js";
import { isBeside } from "./beside.js";
import type { RowExamples } from "./RowExamples.js";

/** What a user should know of the positions of a table. */
export interface PositionIssue {
  /** Such as `swapped-coordinates`, or with the scope of its own such as `places/outside-area`. */
  key: string;
  message: string;
}

/** Rows with coordinates that no place has. */
export interface Unplaced {
  rows: RowExamples;
  /** How many of them have a place if longitude and latitude are exchanged. */
  fitSwapped: number;
  /** Around all of them, in degrees, once longitude and latitude are exchanged. */
  exchanged: PointRange;
  /** How many of them have longitudes or latitudes beyond 360. */
  areMetres: number;
}

/** Counts what a longitude and a latitude without a place, in degrees, are a sign of. */
export function countSigns(unplaced: Unplaced, longitude: number, latitude: number): void {
  const [east, north] = [Math.abs(longitude), Math.abs(latitude)];
  if (east <= 90 && north > 90 && north <= 180) unplaced.fitSwapped++;
  if (east > 360 || north > 360) unplaced.areMetres++;
  unplaced.exchanged.add(latitude, longitude);
}

/** The fault of a position that the coordinate system does not have. */
export function notOnEarth({ first, system }: CoordinateColumns): PositionFault {
  return { column: first, message: `The position is nowhere on the Earth in "${system?.name ?? ""}".` };
}

/** The error for a table in which not one row has a place. */
export function nowhere(
  unplaced: Unplaced,
  {
    row,
    fault,
    columns,
    table,
    errors,
  }: RowSource & { row: TableRow; fault: PositionFault | undefined; columns: CoordinateColumns },
): Error {
  const { message, column } = fault ?? notOnEarth(columns);
  const others = unplaced.rows.count > 1 ? ` No row with coordinates has a place (${unplaced.rows.toString()}).` : "";
  const [, help] = explain(unplaced, columns);
  return errors.make("coordinate-out-of-range", `${message}${others}`, {
    source: table.locate(row.number, column.name),
    advice: `Correct the coordinate, or see the options for the coordinate columns and for "units".${help}`,
  });
}

/**
 * Some rows have no place, but others have.
 * @param others - around the others, in degrees, where they are longitudes and latitudes
 */
export function rowsUnplaced(
  unplaced: Unplaced,
  columns: CoordinateColumns,
  others: Bounds | undefined,
): PositionIssue {
  const [key, help] = explain(unplaced, columns, others);
  const message = `Coordinates are out of range, so that elements have no place. ${unplaced.rows.toString()}.`;
  return { key, message: `${message}${help === "" ? " Correct the coordinates." : help}` };
}

/** Some rows have a place on the Earth, but not in the iModel. */
export function rowsNowhere(rows: RowExamples): PositionIssue {
  const message = `Positions cannot be transformed into the iModel, so that elements have no place. ${rows.toString()}. Correct the coordinates, or name another coordinate system with the option "crs".`;
  return { key: "coordinate-out-of-range", message };
}

/** A few rows lie where the others are once longitude and latitude are exchanged. */
export function rowsExchanged(rows: RowExamples): PositionIssue {
  const message = `Longitude and latitude seem to be swapped: exchanged, these rows lie where the others are, and as they are read, far away. ${rows.toString()}. Exchange the two values in the source.`;
  return { key: "swapped-coordinates", message };
}

/** All rows lie where the iModel is once longitude and latitude are exchanged. */
export function allExchanged(
  rows: RowExamples,
  columns: CoordinateColumns,
  [farKm, nearKm]: readonly [number, number],
): PositionIssue {
  const message = `Longitude and latitude seem to be swapped: exchanged, the rows lie ${nearKm.toLocaleString("en")} km from the iModel's contents, and as they are read, ${farKm.toLocaleString("en")} km. ${rows.toString()}.`;
  return { key: "swapped-coordinates", message: `${message} ${exchange(columns)}` };
}

/** x and y are degrees by all signs. */
export function degreesAsMetres(rows: RowExamples, { system }: CoordinateColumns): PositionIssue {
  const taken = system === undefined ? "distances in the iModel" : `coordinates in "${system.name}"`;
  const message = `x and y look like degrees, and are taken for ${taken}. ${rows.toString()}. Name the columns with the options "longitude" and "latitude", or give their coordinate system with the option "crs", such as EPSG:4326.`;
  return { key: "degrees-not-metres", message };
}

/** Some rows lie outside of the area of the coordinate system, but others inside. */
export function rowsOutside(rows: RowExamples, { name, area = [-180, -90, 180, 90] }: CoordinateSystem): PositionIssue {
  const message = `Positions lie outside of the area in which "${name}" is used (${area.join(", ")}: west, south, east, north), and others inside. ${rows.toString()}. Correct their coordinates, or leave both empty for a row that is nowhere.`;
  return { key: "places/outside-area", message };
}

/** Heights are in metres because nobody says more, while the map has another unit. */
export function unitOfHeights({ name, unit }: CoordinateSystem): PositionIssue {
  const message = `z is taken in metres, while x and y of "${name}" are in a unit of ${Number(unit.toPrecision(8))} m. Give the unit of z with the option "units", such as "us-ft", or "m" if it is right.`;
  return { key: "unit-of-heights", message };
}

/** Among others, rows are swapped if they lie beside these once they are exchanged. */
function explain(
  { rows, fitSwapped, areMetres, exchanged }: Unplaced,
  columns: CoordinateColumns,
  others?: Bounds,
): [key: string, help: string] {
  if (fitSwapped === rows.count && (others === undefined || isBeside(exchanged.bounds, others)))
    return ["swapped-coordinates", ` Longitude and latitude seem to be swapped. ${exchange(columns)}`];
  if (areMetres !== rows.count) return ["coordinate-out-of-range", ""];
  const names = columns.isGeographic ? 'Name the columns with the options "x" and "y", and give' : "Give";
  return [
    "metres-not-degrees",
    ` They look like metres, and not like degrees. ${names} their coordinate system with the option "crs", such as EPSG:25832.`,
  ];
}

function exchange({ isGeographic, first, second }: CoordinateColumns): string {
  const [one, other] = isGeographic ? ["longitude", "latitude"] : ["x", "y"];
  return `If all rows are like this, name the columns the other way round: "${one}": ${JSON.stringify(second.name)}, "${other}": ${JSON.stringify(first.name)}.`;
}
