import { textOf } from "../cells/columnTypes.js";
import type { TableRow } from "../format/TableReader.js";

/** A block ends after each row whose identifier has these bits of its hash at zero: on average after 128 rows. */
const endMask = 127;
/** It ends after so many rows in any case. */
const longestBlock = 1024;

/**
 * Cuts the rows of a table into blocks. Where a block ends depends on nothing but the identifier of its last row, so that a
 * row which is inserted or removed changes the block that it is in, and the blocks after it stay as they are.
 */
export class BlockCutter {
  private _rows: TableRow[] = [];

  /** @param _idColumn - the last of the columns that identify a row */
  public constructor(private readonly _idColumn: number) {}

  /** The blocks that are complete with further rows. */
  public *add(rows: readonly TableRow[]): Generator<readonly TableRow[]> {
    for (const row of rows) {
      this._rows.push(row);
      if (this._rows.length < longestBlock && (hashOfId(textOf(row.cells[this._idColumn])) & endMask) !== 0) continue;
      yield* this.end();
    }
  }

  /** The rows after the last complete block, as a block. */
  public *end(): Generator<readonly TableRow[]> {
    const rows = this._rows;
    this._rows = [];
    if (rows.length > 0) yield rows;
  }
}

/** A hash of 32 bits (FNV-1a), with the high bits mixed into the low ones. */
function hashOfId(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 15);
}
