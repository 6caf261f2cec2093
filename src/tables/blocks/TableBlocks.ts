import type { TableRow } from "../format/TableReader.js";
import { BlockCutter } from "./BlockCutter.js";
import { digestLength, digestOfRows } from "./digestOfRows.js";

/** Rows that follow each other in a table. */
export interface RowBlock {
  readonly rows: readonly TableRow[];
  /** A hash of what they hold. */
  readonly digest: string;
  /** Whether the last run has left them in the iModel just as they are. */
  readonly isKnown: boolean;
}

/** The blocks of a table, as plain data: what the next run knows its rows by. */
export interface KeptBlocks {
  /** Of all that decides beside the rows about what becomes of them. */
  readonly key: string;
  /** The digests of the blocks, one after the other. */
  readonly digests: string;
}

/**
 * The rows of a table in blocks. A run remembers a digest for each block, and the next run looks closely only at the rows of
 * blocks that it does not know.
 */
export class TableBlocks {
  private readonly _cutter: BlockCutter;
  private readonly _known: Set<string>;
  private readonly _digests: string[] = [];

  /**
   * @param idColumn - the last of the columns that identify a row
   * @param _key - of all that decides beside the rows about what becomes of them
   * @param kept - what the last run has kept
   */
  public constructor(
    idColumn: number,
    private readonly _key: string,
    kept: KeptBlocks | undefined,
  ) {
    this._cutter = new BlockCutter(idColumn);
    this._known = new Set(kept?.key === _key ? digestsOf(kept) : []);
  }

  /** The blocks that are complete with further rows. */
  public *cut(rows: readonly TableRow[]): Generator<RowBlock> {
    for (const block of this._cutter.add(rows)) yield this._look(block);
  }

  /** The last block, once all rows are there. */
  public *end(): Generator<RowBlock> {
    for (const block of this._cutter.end()) yield this._look(block);
  }

  /** Keeps a block for the next run: nothing has to be said of its rows then but that they are there. */
  public keep({ digest }: RowBlock): void {
    this._digests.push(digest);
  }

  /** What the next run needs to know. */
  public get toKeep(): KeptBlocks {
    return { key: this._key, digests: this._digests.join("") };
  }

  /** A block that comes twice is known once: its rows are repeated then. */
  private _look(rows: readonly TableRow[]): RowBlock {
    const digest = digestOfRows(rows);
    return { rows, digest, isKnown: this._known.delete(digest) };
  }
}

function digestsOf({ digests }: KeptBlocks): string[] {
  const count = Math.floor(digests.length / digestLength);
  return Array.from({ length: count }, (_, index) => digests.slice(index * digestLength, (index + 1) * digestLength));
}
