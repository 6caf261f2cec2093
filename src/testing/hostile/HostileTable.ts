/**
 * A cell of a hostile table. A date is midnight UTC of the day that the source shows.
 * @public
 */
export type HostileCell = string | number | boolean | Date | null;

/**
 * A table that a connector may meet, and that is made to break it. Every format of tables or records can hold most of them;
 * what a format cannot hold, its writer leaves out or refuses.
 * @public
 */
export interface HostileTable {
  /** What is hostile about it. Unique. */
  title: string;
  /** The names of the columns. The first one is `id`, unless that is what is hostile. */
  header: readonly string[];
  /** A cell for each column, unless that is what is hostile. */
  rows: readonly (readonly HostileCell[])[];
}

/** A table of texts by column and row, for short. */
export function tableOf(title: string, header: readonly string[], ...rows: readonly HostileCell[][]): HostileTable {
  return { title, header, rows };
}
