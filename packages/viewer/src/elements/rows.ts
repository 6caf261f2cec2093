import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { QueryBinder, QueryRowFormat, type ECSqlReader } from "@itwin/core-common";

/** A value for a `?` of a query. */
export type Parameter = string | number | { readonly id: Id64String };

/** The values of a row, in the order of the columns. Nulls at the end may be missing. */
export type Row = readonly unknown[];

/** So many rows, or ids, are asked for at once: few enough that other queries are not kept waiting. */
export const rowsPerQuery = 1000;

/** A query that runs in a thread of its own, so that others go on meanwhile. */
export function queryReader(imodel: IModelDb, ecsql: string, parameters: readonly Parameter[] = []): ECSqlReader {
  const binder = new QueryBinder();
  for (const [index, value] of parameters.entries())
    if (typeof value === "string") binder.bindString(index + 1, value);
    else if (typeof value === "number") binder.bindDouble(index + 1, value);
    else binder.bindId(index + 1, value.id);
  return imodel.createQueryReader(ecsql, binder, { rowFormat: QueryRowFormat.UseECSqlPropertyIndexes });
}

/** The rows of a query, one by one. */
export async function* eachRow(
  imodel: IModelDb,
  ecsql: string,
  parameters?: readonly Parameter[],
): AsyncGenerator<Row> {
  const reader = queryReader(imodel, ecsql, parameters);
  while (await reader.step()) yield reader.current.toArray() as Row;
}

/** Comes before all ids: those of the last briefcases are negative to SQLite. */
export const beforeAllIds: Id64String = "0x8000000000000000";

/** Where a query in the order of ids begins, and how much it asks for at once. */
export interface ScanOptions {
  /** Default: at the beginning. */
  readonly after?: Id64String;
  /** The parameters behind the first one. */
  readonly parameters?: readonly Parameter[];
  /** Default: {@link rowsPerQuery}. */
  readonly rowsPerQuery?: number;
}

/**
 * The rows of a query of any length, some hundreds at a time, so that the memory and the time of a single query are small.
 * @param ecsql - selects an id first, is true for those above its first parameter, and is sorted by them; without LIMIT
 */
export async function* scanRows(imodel: IModelDb, ecsql: string, options: ScanOptions = {}): AsyncGenerator<Row> {
  const { parameters = [], rowsPerQuery: limit = rowsPerQuery } = options;
  let after: Id64String | undefined = options.after ?? beforeAllIds;
  while (after !== undefined) {
    const rows = await readRows(imodel, `${ecsql} LIMIT ${limit}`, [{ id: after }, ...parameters]);
    yield* rows;
    const last = rows.at(-1);
    after = last === undefined || rows.length < limit ? undefined : idIn(last, 0);
  }
}

/** All rows of a query. Only for queries that cannot have many. */
export async function readRows(imodel: IModelDb, ecsql: string, parameters?: readonly Parameter[]): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of eachRow(imodel, ecsql, parameters)) rows.push(row);
  return rows;
}

/** All rows of a query about any number of ids. @param ecsqlOf - makes it from a list for use as `IN (…)` */
export async function readRowsOfIds(
  imodel: IModelDb,
  ids: readonly Id64String[],
  ecsqlOf: (list: string) => string,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < ids.length; start += rowsPerQuery)
    rows.push(...(await readRows(imodel, ecsqlOf(ids.slice(start, start + rowsPerQuery).join(",")))));
  return rows;
}

/** A value as text. Undefined for null. */
export function textIn(row: Row, column: number): string | undefined {
  const value = row[column];
  if (value === null || value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A value that is always there, such as an id. */
export function idIn(row: Row, column: number): Id64String {
  return textIn(row, column) ?? "0";
}

/** A count. */
export function numberIn(row: Row, column: number): number {
  return Number(row[column] ?? 0);
}
