import { Point3d } from "@itwin/core-geometry";
import { Cartographic } from "@itwin/core-common";
import { textOf } from "../cells/columnTypes.js";
import { metresPerUnit, type LengthUnit } from "../format/lengthUnits.js";
import type { SourceErrors } from "../format/SourceErrors.js";
import { isEmpty, type Table, type TableRow } from "../format/TableReader.js";

/** A column that holds one coordinate. */
export interface CoordinateColumn {
  name: string;
  index: number;
}

/** The columns that say where a row is. */
export interface CoordinateColumns {
  /** Whether they are longitude, latitude and height, and not x, y and z. */
  isGeographic: boolean;
  /** x or longitude. */
  first: CoordinateColumn;
  /** y or latitude. */
  second: CoordinateColumn;
  /** z or height; zero without. */
  third?: CoordinateColumn;
  units: LengthUnit;
}

/** Where the rows are read, for messages. */
interface Place {
  table: Table;
  errors: SourceErrors;
}

/** The iModel takes elements up to 80,150 km from its origin. */
const farthest = 8e7;
const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Where a row is: a point in metres, in the iModel's coordinates for x, y and z, and Earth-centred for longitude,
 * latitude and height. Undefined for a row without coordinates.
 */
export function locateRow(row: TableRow, columns: CoordinateColumns, { table, errors }: Place): Point3d | undefined {
  const { first, second, third, isGeographic, units } = columns;
  const isFirstEmpty = isEmpty(row.cells[first.index]);
  if (isFirstEmpty !== isEmpty(row.cells[second.index]))
    throw incomplete(row, isFirstEmpty ? { empty: first, given: second } : { empty: second, given: first }, {
      table,
      errors,
    });
  if (isFirstEmpty) return undefined;
  const read = (column: CoordinateColumn | undefined, scale: number, limit: number) =>
    column === undefined || isEmpty(row.cells[column.index])
      ? 0
      : readNumber(row, column, { scale, limit, table, errors });
  const metres = metresPerUnit[units];
  const height = read(third, metres, farthest);
  if (!isGeographic) return Point3d.create(read(first, metres, farthest), read(second, metres, farthest), height);
  const degrees = { longitude: read(first, 1, 180), latitude: read(second, 1, 90), height };
  return Cartographic.fromDegrees(degrees).toEcef();
}

function readNumber(
  row: TableRow,
  column: CoordinateColumn,
  { scale, limit, table, errors }: Place & { scale: number; limit: number },
): number {
  const text = textOf(row.cells[column.index]).trim();
  const source = () => table.locate(row.number, column.name);
  if (!numberForm.test(text))
    throw errors.make("not-a-number", `"${text}" is not a number.`, {
      source: source(),
      advice: "Write coordinates in digits with a decimal point, or leave the coordinates of the row empty.",
    });
  const value = Number(text) * scale;
  if (Math.abs(value) <= limit) return value;
  const range = scale === 1 && limit < farthest ? `between -${limit} and ${limit} degrees` : "within 80,000 km";
  throw errors.make("coordinate-out-of-range", `${text} is not ${range}.`, {
    source: source(),
    advice: 'Correct the coordinate, or see the options for the coordinate columns and for "units".',
  });
}

function incomplete(
  row: TableRow,
  { empty, given }: Record<"empty" | "given", CoordinateColumn>,
  { table, errors }: Place,
): Error {
  return errors.make("incomplete-coordinates", `The row has a ${given.name} but no ${empty.name}.`, {
    source: table.locate(row.number, empty.name),
    advice: "Give both, or leave both empty for a row that is nowhere.",
  });
}
