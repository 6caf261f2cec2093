import type { Position, Shape } from "../Feature.js";
import { polygonsOf } from "./polygons.js";

/** What is wrong with a record, as a part of a sentence. */
export class RecordError extends Error {}

/** Beyond it, by the specification of shapefiles, a number says that there is none. */
const noData = -1e38;

/** Shape types by their remainder: with z they are 10 more, with m alone 20 more. */
const withZ = 1;

/**
 * The shape of a record; undefined for a null shape. Measures (m) are left out, for which an iModel has no place.
 * @throws RecordError
 */
export function readShape(record: Buffer): Shape | undefined {
  const type = record.readInt32LE(0);
  const hasZ = Math.floor(type / 10) === withZ;
  switch (type % 10) {
    case 0:
      return undefined;
    case 1:
      return { points: [readPoint(record, hasZ)], lines: [], polygons: [] };
    case 3:
      return { points: [], lines: readParts(record, hasZ), polygons: [] };
    case 5:
      return { points: [], lines: [], polygons: polygonsOf(readParts(record, hasZ)) };
    case 8:
      return {
        points: readPositions(record, { start: 40, count: readCount(record, 36), hasZ }),
        lines: [],
        polygons: [],
      };
    default:
      throw new RecordError(`The record has a shape of type ${type}`);
  }
}

function readPoint(record: Buffer, hasZ: boolean): Position {
  need(record, hasZ ? 28 : 20);
  const up = hasZ ? [record.readDoubleLE(20)] : [];
  return checked([record.readDoubleLE(4), record.readDoubleLE(12), ...up] as unknown as Position);
}

/** The lines or rings of a record. */
function readParts(record: Buffer, hasZ: boolean): Position[][] {
  const partCount = readCount(record, 36);
  const count = readCount(record, 40);
  const start = 44 + partCount * 4;
  need(record, start);
  const positions = readPositions(record, { start, count, hasZ });
  const firsts = Array.from({ length: partCount }, (_, part) => record.readInt32LE(44 + part * 4));
  return firsts.map((first, part) => {
    const end = firsts[part + 1] ?? count;
    if (first < 0 || first > end || end > count) throw new RecordError("The parts of the record do not fit its points");
    return positions.slice(first, end);
  });
}

function readPositions(
  record: Buffer,
  { start, count, hasZ }: { start: number; count: number; hasZ: boolean },
): Position[] {
  const heights = start + count * 16 + 16;
  need(record, hasZ ? heights + count * 8 : start + count * 16);
  return Array.from({ length: count }, (_, index) => {
    const offset = start + index * 16;
    const up = hasZ ? [record.readDoubleLE(heights + index * 8)] : [];
    return checked([record.readDoubleLE(offset), record.readDoubleLE(offset + 8), ...up] as unknown as Position);
  });
}

function readCount(record: Buffer, offset: number): number {
  need(record, offset + 4);
  const count = record.readInt32LE(offset);
  if (count < 0) throw new RecordError("The record has a negative number of points");
  return count;
}

function checked(position: Position): Position {
  if (position.every((coordinate) => Number.isFinite(coordinate) && Math.abs(coordinate!) < -noData)) return position;
  throw new RecordError("A coordinate of the record is no number");
}

function need(record: Buffer, length: number): void {
  if (record.length < length) throw new RecordError("The record is shorter than its points");
}
