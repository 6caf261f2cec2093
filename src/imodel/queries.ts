import type { IModelDb, SqliteStatement } from "@itwin/core-backend";
import { DbResult, type Id64String } from "@itwin/core-bentley";

/** A value for a `?` of a query: an id, or a text. */
export type QueryParameter = Id64String | { text: string };

/** So many ids go into one query: enough to make its cost per id small, and far below what SQLite takes. */
const idsPerQuery = 1000;

/**
 * Hands all rows of an ECSQL query to `visit`.
 *
 * It runs the native SQL of the ECSQL statement as a SQLite statement: a tenth of the time per row that stepping
 * the ECSQL statement costs, and synchronous, which `Synchronizer.detectChanges` has to be.
 */
export function eachRow(
  imodel: IModelDb,
  ecsql: string,
  parameters: QueryParameter[],
  visit: (row: SqliteStatement) => void,
): void {
  eachRowOfSql(imodel, nativeSqlOf(imodel, ecsql), parameters, visit);
}

/** The SQL of an ECSQL query. It holds as long as no schema is imported that adds a class to those that are queried. */
export function nativeSqlOf(imodel: IModelDb, ecsql: string): string {
  return imodel.withPreparedStatement(ecsql, (statement) => statement.getNativeSql());
}

/** Hands all rows of an SQL query to `visit`: for queries so frequent that even to look up their SQL would be felt. */
export function eachRowOfSql(
  imodel: IModelDb,
  sql: string,
  parameters: QueryParameter[],
  visit: (row: SqliteStatement) => void,
): void {
  imodel.withPreparedSqliteStatement(sql, (statement) => {
    for (const [index, value] of parameters.entries())
      if (typeof value === "string") statement.bindId(index + 1, value);
      else statement.bindString(index + 1, value.text);
    visitAll(statement, visit);
  });
}

/** All rows of an ECSQL query, each through `read`. */
export function queryRows<T>(
  imodel: IModelDb,
  ecsql: string,
  parameters: QueryParameter[],
  read: (row: SqliteStatement) => T,
): T[] {
  const rows: T[] = [];
  eachRow(imodel, ecsql, parameters, (row) => rows.push(read(row)));
  return rows;
}

/**
 * All rows of an ECSQL query about any number of ids, each through `read`.
 * @param ecsqlOf - makes the query from a list of ids such as `0x1,0x2`, for use as `IN (…)`
 */
export function queryRowsOfIds<T>(
  imodel: IModelDb,
  ids: Iterable<Id64String>,
  ecsqlOf: (list: string) => string,
  read: (row: SqliteStatement) => T,
): T[] {
  const all = [...ids];
  const rows: T[] = [];
  for (let start = 0; start < all.length; start += idsPerQuery) {
    const ecsql = ecsqlOf(all.slice(start, start + idsPerQuery).join(","));
    const sql = imodel.withStatement(ecsql, (statement) => statement.getNativeSql());
    imodel.withSqliteStatement(sql, (statement) => visitAll(statement, (row) => rows.push(read(row))));
  }
  return rows;
}

/** Reads the first column, an id, of all rows of an ECSQL query. */
export function queryIds(imodel: IModelDb, ecsql: string, parameters: QueryParameter[] = []): Id64String[] {
  return queryRows(imodel, ecsql, parameters, firstId);
}

/** Reads the first column, an id, of all rows of an ECSQL query about any number of ids. */
export function queryIdsOfIds(
  imodel: IModelDb,
  ids: Iterable<Id64String>,
  ecsqlOf: (list: string) => string,
): Set<Id64String> {
  return new Set(queryRowsOfIds(imodel, ids, ecsqlOf, firstId));
}

/** The id in a column, or undefined where it is null. */
export function idOrUndefined(row: SqliteStatement, column: number): Id64String | undefined {
  return row.isValueNull(column) ? undefined : row.getValueId(column);
}

function firstId(row: SqliteStatement): Id64String {
  return row.getValueId(0);
}

function visitAll(statement: SqliteStatement, visit: (row: SqliteStatement) => void): void {
  while (statement.step() === DbResult.BE_SQLITE_ROW) visit(statement);
}
