import { PointRange, type Bounds } from "../../places/frame/PointRange.js";
import type { Table, TableRow } from "../format/TableReader.js";
import type { CoordinateColumns } from "./coordinates.js";
import { isBeside } from "./beside.js";
import { RowExamples } from "./RowExamples.js";

/** The other rows are a region, and not the whole world, up to so many degrees. */
const largestRegion = 10;
/** As they are read, the rows are so many degrees from the region. */
const leastGap = 10;
/** Of so many rows one at most is taken for exchanged. */
const leastRatio = 4;

/**
 * Finds rows whose longitude and latitude are exchanged among others that are right. Exchanged values are mirrored at the line
 * where both are equal, so that the rows on its two sides are looked at apart. Rows are taken for exchanged only where most
 * rows lie in a region of 10 degrees, and a few lie 10 degrees or more away from it, on the other side of the line, and in it
 * once they are exchanged.
 */
export class SwapCheck {
  private readonly _sides: readonly [SwapSide, SwapSide];

  public constructor(table: Table, columns: CoordinateColumns) {
    const side = () => ({ range: new PointRange(), rows: new RowExamples(table, columns) });
    this._sides = [side(), side()];
  }

  public add(row: TableRow, longitude: number, latitude: number): void {
    const side = this._sides[longitude < latitude ? 0 : 1];
    side.range.add(longitude, latitude);
    side.rows.add(row);
  }

  /** The rows that are exchanged; undefined where there is no sign of it. */
  public get exchanged(): RowExamples | undefined {
    const [few, many] = this._sides.toSorted((left, right) => left.rows.count - right.rows.count);
    return few !== undefined && many !== undefined && areExchanged(few, many) ? few.rows : undefined;
  }
}

function areExchanged(few: SwapSide, many: SwapSide): boolean {
  const [ofFew, ofMany] = [few.range.bounds, many.range.bounds];
  if (ofFew === undefined || ofMany === undefined) return false;
  if (few.rows.count * (leastRatio - 1) > many.rows.count || !isRegion(ofMany)) return false;
  return gapOf(ofFew, ofMany) >= leastGap && isBeside(mirrored(ofFew), ofMany);
}

interface SwapSide {
  range: PointRange;
  rows: RowExamples;
}

function isRegion([west, south, east, north]: Bounds): boolean {
  return east - west <= largestRegion && north - south <= largestRegion;
}

function mirrored([west, south, east, north]: Bounds): Bounds {
  return [south, west, north, east];
}

/** How far two ranges are apart. */
function gapOf(left: Bounds, right: Bounds): number {
  return Math.max(left[0] - right[2], right[0] - left[2], left[1] - right[3], right[1] - left[3]);
}
