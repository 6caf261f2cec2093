/** Names that are recognized for the column of the identifiers, in any case. */
export const idNames: readonly string[] = ["id", "guid", "key"];

/** Whether a column is taken for that of the identifiers by its name. */
export function isIdName(name: string): boolean {
  return idNames.includes(name.trim().toLowerCase());
}

/** What the options say of identifiers. */
export interface RowNumberOptions {
  /** Whether rows are known by their numbers, where no column holds an identifier. */
  readonly idByRow?: boolean;
  /** The column, or the columns, of the identifiers. */
  readonly idColumn?: string | readonly string[];
}

/** Whether the rows of a table are known by their numbers: the option says so, and no column identifies them. */
export function needsRowNumbers({ idByRow, idColumn }: RowNumberOptions, names: readonly string[]): boolean {
  return idByRow === true && idColumn === undefined && !names.some(isIdName);
}

/** What helps where no column identifies the rows, in a format with the option. */
export function rowNumberHint(noun: string): string {
  return `With "idByRow": true, the numbers of ${noun}s identify them.`;
}

/** A name for a column of numbers that no other column has. */
export function unusedName(wanted: string, names: readonly string[]): string {
  const taken = new Set(names.map((name) => name.trim()));
  let name = wanted;
  while (taken.has(name)) name += "_";
  return name;
}
