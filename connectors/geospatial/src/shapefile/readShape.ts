import type { Position, Shape } from "../source/Feature.js";
import { polygonsOf } from "./polygons.js";

/** What is wrong with a record, as a part of a sentence. */
export class RecordError extends Error {}

/** Beyond it, by the specification of shapefiles, a number says that there is none. */
const noData = -1e38;

/** What positions have beside x and y. */
interface Dimensions {
  hasZ: boolean;
  /** Writers may leave measures out all the same. */
  mayHaveM: boolean;
}

/** Something odd about a record: its kind, and a sentence about it. */
interface RecordOddity {
  key: string;
  message: string;
}

/** What a record holds. */
export interface ReadShape {
  /** Undefined for a null shape, and one without a place. */
  shape?: Shape;
  odd?: RecordOddity;
}

const oddities = {
  noPoints: { key: "empty-shape", message: "a shape has no points. It has no place" },
  noPlace: { key: "no-data", message: "a shape has coordinates that stand for no data. It has no place" },
  noHeight: { key: "no-height", message: "a shape has heights that stand for no data. They are left out" },
} satisfies Record<string, RecordOddity>;

/**
 * The shape of a record, whose type is one that is read. Of measures (m), for which an iModel has no place, only remains that
 * there are some.
 * @throws RecordError, also for a record that holds more than the points that it counts
 */
export function readShape(record: Buffer): ReadShape {
  const type = record.readInt32LE(0);
  const positions = new PositionReader(record, dimensionsOf(type));
  const shape = shapeOf(type, record, positions);
  if (shape === undefined) return {};
  if (positions.count === 0) return { odd: oddities.noPoints };
  if (positions.areWithoutPlace) return { odd: oddities.noPlace };
  return { shape, odd: positions.areWithoutHeight ? oddities.noHeight : undefined };
}

function shapeOf(type: number, record: Buffer, reader: PositionReader): Shape | undefined {
  switch (type % 10) {
    case 0:
      expectLength(record, 4);
      return undefined;
    case 1:
      return { points: [reader.readPoint()], lines: [], polygons: [], ...measuresOf(record, 1) };
    case 3:
      return { points: [], lines: reader.readParts(), polygons: [], ...measuresOf(record) };
    case 5:
      return { points: [], lines: [], polygons: polygonsOf(reader.readParts()), ...measuresOf(record) };
    case 8:
      return { points: reader.readPoints(), lines: [], polygons: [], ...measuresOf(record, readCount(record, 36)) };
    default:
      throw new Error(`shapes of type ${type} are not read`);
  }
}

/** Shape types with z are 10 more, and those with m alone 20 more; those with z may have m too. */
function dimensionsOf(type: number): Dimensions {
  return { hasZ: type > 10 && type < 20, mayHaveM: type > 10 };
}

/**
 * Measures are the last values of a record; those that are zero or no data say nothing.
 * @param count - of the positions. Default: as lines and polygons have it
 */
function measuresOf(record: Buffer, count = readCount(record, 40)): Pick<Shape, "hasMeasures"> {
  const type = record.readInt32LE(0);
  if (!dimensionsOf(type).mayHaveM || record.length !== lengthWithMeasures(record, type, count)) return {};
  const values = Array.from({ length: count }, (_, index) => record.readDoubleLE(record.length - 8 * (index + 1)));
  return { hasMeasures: values.some((value) => value > noData && value !== 0) };
}

/** A record may end before its measures. */
function lengthWithMeasures(record: Buffer, type: number, count: number): number {
  const dimensions = dimensionsOf(type).hasZ ? 2 : 1;
  if (type % 10 === 1) return 20 + 8 * dimensions;
  const start = type % 10 === 8 ? 40 : 44 + readCount(record, 36) * 4;
  return start + count * 16 + (16 + count * 8) * dimensions;
}

/** Reads the positions of a record, and finds those that stand for no data. */
class PositionReader {
  /** How many were read. */
  public count = 0;
  /** Whether x or y of one is no data. */
  public areWithoutPlace = false;
  /** Whether z of one is no data. */
  public areWithoutHeight = false;

  public constructor(
    private readonly _record: Buffer,
    private readonly _dimensions: Dimensions,
  ) {}

  /** The position of a point. */
  public readPoint(): Position {
    const { hasZ, mayHaveM } = this._dimensions;
    expectLength(this._record, hasZ ? 28 : 20, mayHaveM ? 8 : 0);
    return this._positionAt(4, 20);
  }

  /** The points of a multipoint. */
  public readPoints(): Position[] {
    return this._readBlock(40, readCount(this._record, 36));
  }

  /** The lines or rings of a record. */
  public readParts(): Position[][] {
    const record = this._record;
    const partCount = readCount(record, 36);
    const count = readCount(record, 40);
    if (partCount === 0 && count > 0) throw new RecordError("The points of the record belong to no part");
    const positions = this._readBlock(44 + partCount * 4, count);
    const firsts = Array.from({ length: partCount }, (_, part) => record.readInt32LE(44 + part * 4));
    if ((firsts[0] ?? 0) !== 0 || firsts.some((first, part) => first > (firsts[part + 1] ?? count)))
      throw new RecordError("The parts of the record do not fit its points");
    return firsts.map((first, part) => positions.slice(first, firsts[part + 1] ?? count));
  }

  private _readBlock(start: number, count: number): Position[] {
    const range = 16; // the least and the greatest, before the values
    const values = range + count * 8;
    const end = start + count * 16;
    const { hasZ, mayHaveM } = this._dimensions;
    expectLength(this._record, hasZ ? end + values : end, mayHaveM ? values : 0);
    return Array.from({ length: count }, (_, index) => this._positionAt(start + index * 16, end + range + index * 8));
  }

  private _positionAt(place: number, height: number): Position {
    const record = this._record;
    const [east, north] = [record.readDoubleLE(place), record.readDoubleLE(place + 8)];
    this.count++;
    if (isNoData(east) || isNoData(north)) this.areWithoutPlace = true;
    if (!this._dimensions.hasZ) return [east, north];
    const up = record.readDoubleLE(height);
    if (!isNoData(up)) return [east, north, up];
    this.areWithoutHeight = true;
    return [east, north];
  }
}

/** NaN means the same. */
function isNoData(coordinate: number): boolean {
  return !(Math.abs(coordinate) < -noData);
}

function readCount(record: Buffer, offset: number): number {
  expectSome(record, offset + 4);
  const count = record.readInt32LE(offset);
  if (count < 0) throw new RecordError("The record has a negative number of points");
  return count;
}

function expectSome(record: Buffer, length: number): void {
  if (record.length < length) throw new RecordError("The record is shorter than its points");
}

/** A record that is longer has points that it does not count, which would be lost. */
function expectLength(record: Buffer, length: number, optional = 0): void {
  expectSome(record, length);
  if (record.length === length || record.length === length + optional) return;
  throw new RecordError("The record is longer than its points");
}
