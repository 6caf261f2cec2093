import { utils } from "@e965/xlsx";

/** The letters of a column that is counted from 0. */
export function lettersOf(column: number): string {
  return utils.encode_col(column);
}

/** The address of a cell, whose row and column are counted from 0. */
export function addressOf(row: number, column: number): string {
  return `${lettersOf(column)}${row + 1}`;
}
