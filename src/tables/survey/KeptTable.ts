import { isDeepStrictEqual } from "node:util";
import { definedOf } from "../../sync/documents/definedOf.js";
import { covers, type ColumnType } from "../cells/columnTypes.js";
import type { TableHeader } from "./tableHeader.js";
import type { KeptBlocks } from "../blocks/TableBlocks.js";
import type { ColumnFinding } from "./ColumnSurvey.js";
import type { DecimalState } from "./DecimalForms.js";
import type { PositionFigures } from "./PositionSurvey.js";

/** What is kept of the survey of a table for the next run, as plain data. */
export interface KeptTable {
  /** The names of the columns. */
  readonly names: readonly string[];
  /** The number of the row that names them. */
  readonly row: number;
  /** The types of the columns; an empty text, since the iModel keeps no null, for one without any value. */
  readonly types: readonly (ColumnType | "")[];
  /** Where the rows are, as far as the place of any row depends on that of others. */
  readonly positions?: PositionFigures;
  /** What the rows are known by, and what the decimals of their columns have in a table of texts. */
  readonly blocks?: KeptBlocks & { readonly decimals: readonly DecimalState[] };
}

/** What is kept of the surveys of a document. */
export interface KeptTables {
  /** Of all that decides how the document is read: with another key nothing of it holds. */
  readonly key: string;
  /** By the kinds of the rows. */
  readonly tables: Readonly<Record<string, KeptTable>>;
  /** What the reader has found out. */
  readonly reader?: unknown;
}

/** More is not kept, in characters: blocks are not, and a table of thousands of columns is surveyed again. */
const longestKept = 400_000;

/** What an earlier run kept, if it is about a document that was read in the same way. */
export function keptTables(findings: unknown, key: string): Pick<KeptTables, "tables" | "reader"> {
  const { key: keptKey, tables = {}, reader } = (findings ?? {}) as Partial<KeptTables>;
  return keptKey === key ? { tables, reader } : { tables: {} };
}

/**
 * What is to be kept of a document.
 * @param tables - by the kinds of the rows
 */
export function toKeep(key: string, tables: ReadonlyMap<string, KeptTable>, reader: unknown): KeptTables | undefined {
  const kept = { key, tables: Object.fromEntries(tables), ...(reader !== undefined && { reader }) };
  if (isShort(kept)) return kept;
  const withoutBlocks = [...tables].map(([kind, table]) => [kind, definedOf({ ...table, blocks: undefined })]);
  const rest = { ...kept, tables: Object.fromEntries(withoutBlocks) as KeptTables["tables"] };
  return isShort(rest) ? rest : undefined;
}

function isShort(kept: KeptTables): boolean {
  return JSON.stringify(kept).length <= longestKept;
}

/** What is to be kept of a table. */
export function keepTable(
  { names, row }: TableHeader,
  columns: readonly ColumnFinding[],
  { positions, blocks }: { positions: PositionFigures | undefined; blocks: KeptBlocks | undefined },
): KeptTable {
  const types = columns.map(({ type }) => type ?? "");
  const decimals = columns.map(({ decimals = {} }) => decimals);
  return {
    names,
    row,
    types,
    ...(positions !== undefined && { positions }),
    ...(blocks !== undefined && { blocks: { ...blocks, decimals } }),
  };
}

/** Whether columns hold no more than they did, so that their properties take all values. */
export function coversAll(kept: KeptTable, found: readonly (ColumnType | undefined)[]): boolean {
  return found.every((type, index) => type === undefined || coversType(kept.types[index], type));
}

/** Whether the positions of the rows place them as before. */
export function isPlacedAlike(kept: KeptTable, positions: PositionFigures | undefined): boolean {
  return isDeepStrictEqual(kept.positions, positions);
}

function coversType(kept: ColumnType | "" | undefined, found: ColumnType): boolean {
  return kept !== "" && kept !== undefined && covers(kept, found);
}
