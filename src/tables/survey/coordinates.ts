import { textOf } from "../cells/columnTypes.js";
import { metresPerUnit, type LengthUnit } from "../format/lengthUnits.js";
import type { SourceErrors } from "../format/SourceErrors.js";
import type { CellReader } from "../cells/CellReader.js";
import type { CellContent } from "../cells/CellContent.js";
import type { Table, TableRow } from "../format/TableReader.js";
import type { CoordinateSystem } from "../../places/CoordinateSystem.js";

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
  /** Whether the source or its user has named the units. */
  hasUnits?: boolean;
  /** The coordinate system of x and y. Without one they are coordinates of the iModel, in `units`. */
  system?: CoordinateSystem;
}

/** What a row says of its position. */
export interface RowPosition {
  /** x in metres, or in the unit of the coordinate system; or the longitude in degrees. */
  first: number;
  /** y in metres, or in the unit of the coordinate system; or the latitude in degrees. */
  second: number;
  /** z or the height, in metres. */
  up: number;
  /** Why there is no such place. */
  fault?: PositionFault;
}

/** A coordinate that no place has. */
export interface PositionFault {
  column: CoordinateColumn;
  /** One sentence. */
  message: string;
}

/** Where the rows are read, and how. */
export interface RowSource {
  table: Table;
  errors: SourceErrors;
  cells: CellReader;
}

/** The iModel takes elements up to 80,150 km from its origin. */
export const farthestElement = 8e7;
const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What a coordinate can be. */
interface Range {
  /** Of the numbers in the column, in metres or degrees. */
  scale: number;
  least: number;
  most: number;
  /** As the end of a sentence that begins with "is not". */
  words: string;
}

/** Reads the positions of the rows of a table. */
export class PositionReader {
  private readonly _ranges: readonly [first: Range, second: Range, third: Range];
  private readonly _scale: number;

  public constructor(
    private readonly _columns: CoordinateColumns,
    private readonly _source: RowSource,
  ) {
    const { isGeographic, system } = _columns;
    this._ranges = rangesOf(_columns);
    this._scale = isGeographic || system !== undefined ? 1 : this._ranges[0].scale;
  }

  /**
   * The position of a row. Undefined for a row without coordinates.
   * @throws ConnectorError `<code>/not-a-number`, `<code>/incomplete-coordinates`
   */
  public read(row: TableRow): RowPosition | undefined {
    const { first, second } = this._columns;
    const isFirstEmpty = this._contentOf(row, first) === undefined;
    if (isFirstEmpty !== (this._contentOf(row, second) === undefined)) throw this._incomplete(row, isFirstEmpty);
    if (isFirstEmpty) return undefined;
    const height = this._readHeight(row);
    const [x, y] = [this._readNumber(row, first), this._readNumber(row, second)];
    const fault = this._faultOf(row, x, y, height);
    return { first: x * this._scale, second: y * this._scale, up: height * this._ranges[2].scale, fault };
  }

  private _readHeight(row: TableRow): number {
    const { third } = this._columns;
    return third === undefined || this._contentOf(row, third) === undefined ? 0 : this._readNumber(row, third);
  }

  private _contentOf({ cells }: TableRow, { index }: CoordinateColumn): CellContent {
    return this._source.cells.readAs(cells[index], "double");
  }

  private _faultOf(row: TableRow, x: number, y: number, height: number): PositionFault | undefined {
    const { first, second, third = first } = this._columns;
    const [ofFirst, ofSecond, ofThird] = this._ranges;
    if (!isWithin(height, ofThird)) return faultOf(row, third, ofThird);
    if (!isWithin(x, ofFirst)) return faultOf(row, first, ofFirst);
    return isWithin(y, ofSecond) ? undefined : faultOf(row, second, ofSecond);
  }

  private _readNumber(row: TableRow, column: CoordinateColumn): number {
    const content = this._contentOf(row, column);
    if (typeof content === "number" && Number.isFinite(content)) return content;
    const text = textOf(content).trim();
    if (numberForm.test(text)) return Number(text);
    throw this._source.errors.make("not-a-number", `"${text}" is not a number.`, {
      source: this._source.table.locate(row.number, column.name),
      advice: "Write coordinates in digits with a decimal point, or leave the coordinates of the row empty.",
    });
  }

  private _incomplete(row: TableRow, isFirstEmpty: boolean): Error {
    const { first, second } = this._columns;
    const [empty, given] = isFirstEmpty ? [first, second] : [second, first];
    const { table, errors } = this._source;
    return errors.make("incomplete-coordinates", `The row has a ${given.name} but no ${empty.name}.`, {
      source: table.locate(row.number, empty.name),
      advice: "Give both, or leave both empty for a row that is nowhere.",
    });
  }
}

function rangesOf(columns: CoordinateColumns): [first: Range, second: Range, third: Range] {
  const { isGeographic, system, units } = columns;
  const third = metreRange(metresPerUp(columns));
  if (isGeographic || system?.isGeographic === true) {
    const degrees = system?.unit ?? 1;
    return [degreeRange(degrees, 180), degreeRange(degrees, 90), third];
  }
  const metres = metreRange(system?.unit ?? metresPerUnit[units]);
  return [metres, metres, third];
}

/** z is in the units that are named, else in that of the heights of the coordinate system, else in metres. */
function metresPerUp({ units, hasUnits, system }: CoordinateColumns): number {
  const { metresPerUnit: ofSystem = 1, isDown = false } = system?.vertical ?? {};
  const metres = hasUnits === true || system === undefined ? metresPerUnit[units] : ofSystem;
  return isDown ? -metres : metres;
}

function metreRange(scale: number): Range {
  return { scale, least: -farthestElement, most: farthestElement, words: "within 80,000 km" };
}

/** Longitudes may be counted up to 360 degrees to the east. */
function degreeRange(scale: number, limit: 90 | 180): Range {
  const words = `between -${limit} and ${limit} degrees`;
  return { scale, least: -limit, most: limit === 180 ? 360 : limit, words };
}

function isWithin(value: number, { scale, least, most }: Range): boolean {
  return value * scale >= least && value * scale <= most;
}

function faultOf(row: TableRow, column: CoordinateColumn, { words }: Range): PositionFault {
  return { column, message: `${textOf(row.cells[column.index]).trim()} is not ${words}.` };
}
