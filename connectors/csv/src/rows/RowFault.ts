/** Why a row cannot be read. */
export type FaultKey = "unclosed-quote" | "text-after-quote" | "row-too-long";

/** A row that cannot be read, with its place. */
export class RowFault extends Error {
  /**
   * @param line - the line in which the cell begins
   * @param column - the column of the cell, counted from 0
   */
  public constructor(
    public readonly key: FaultKey,
    public readonly line: number,
    public readonly column: number,
  ) {
    super(key);
  }
}
