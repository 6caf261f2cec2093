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

/** Where the positions of a record are, and how many. */
interface Block extends Dimensions {
  start: number;
  count: number;
}

/**
 * The shape of a record, whose type is one that is read; undefined for a null shape. Of measures (m), for which an iModel has
 * no place, only remains that there are some.
 * @throws RecordError, also for a record that holds more than the points that it counts
 */
export function readShape(record: Buffer): Shape | undefined {
  const type = record.readInt32LE(0);
  const dimensions = dimensionsOf(type);
  switch (type % 10) {
    case 0:
      expectLength(record, 4);
      return undefined;
    case 1:
      return { points: [readPoint(record, dimensions)], lines: [], polygons: [], ...measuresOf(record, 1) };
    case 3:
      return { points: [], lines: readParts(record, dimensions), polygons: [], ...measuresOf(record) };
    case 5:
      return { points: [], lines: [], polygons: polygonsOf(readParts(record, dimensions)), ...measuresOf(record) };
    case 8:
      return {
        points: readPositions(record, { start: 40, count: readCount(record, 36), ...dimensions }),
        lines: [],
        polygons: [],
        ...measuresOf(record, readCount(record, 36)),
      };
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

function readPoint(record: Buffer, { hasZ, mayHaveM }: Dimensions): Position {
  expectLength(record, hasZ ? 28 : 20, mayHaveM ? 8 : 0);
  const up = hasZ ? [record.readDoubleLE(20)] : [];
  return checked([record.readDoubleLE(4), record.readDoubleLE(12), ...up] as unknown as Position);
}

/** The lines or rings of a record. */
function readParts(record: Buffer, dimensions: Dimensions): Position[][] {
  const partCount = readCount(record, 36);
  const count = readCount(record, 40);
  if (partCount === 0 && count > 0) throw new RecordError("The points of the record belong to no part");
  const start = 44 + partCount * 4;
  const positions = readPositions(record, { start, count, ...dimensions });
  const firsts = Array.from({ length: partCount }, (_, part) => record.readInt32LE(44 + part * 4));
  if ((firsts[0] ?? 0) !== 0 || firsts.some((first, part) => first > (firsts[part + 1] ?? count)))
    throw new RecordError("The parts of the record do not fit its points");
  return firsts.map((first, part) => positions.slice(first, firsts[part + 1] ?? count));
}

function readPositions(record: Buffer, { start, count, hasZ, mayHaveM }: Block): Position[] {
  const range = 16; // the least and the greatest, before the values
  const values = range + count * 8;
  const end = start + count * 16;
  expectLength(record, hasZ ? end + values : end, mayHaveM ? values : 0);
  return Array.from({ length: count }, (_, index) => {
    const offset = start + index * 16;
    const up = hasZ ? [record.readDoubleLE(end + range + index * 8)] : [];
    return checked([record.readDoubleLE(offset), record.readDoubleLE(offset + 8), ...up] as unknown as Position);
  });
}

function readCount(record: Buffer, offset: number): number {
  expectSome(record, offset + 4);
  const count = record.readInt32LE(offset);
  if (count < 0) throw new RecordError("The record has a negative number of points");
  return count;
}

function checked(position: Position): Position {
  if (position.every((coordinate = 0) => Number.isFinite(coordinate) && Math.abs(coordinate) < -noData))
    return position;
  throw new RecordError("A coordinate of the record is no number");
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
