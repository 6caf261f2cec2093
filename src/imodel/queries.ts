import type { IModelDb, SqliteStatement } from "@itwin/core-backend";
import { DbResult, type GuidString, type Id64String } from "@itwin/core-bentley";
import { LoopTurns } from "../LoopTurns.js";
import { EcsqlRow, type QueryRow } from "./EcsqlRow.js";
import { nativeSqlOf } from "./native.js";

/** A value for a `?` of a query: an id, a text, or a GUID. */
export type QueryParameter = Id64String | { text: string } | { guid: GuidString };

/** So many ids go into one query: enough to make its cost per id small, and far below what SQLite takes. */
const idsPerQuery = 1000;

/** Runs a query: hands all its rows to `visit`. A row is valid only during the call. */
type RunQuery = (parameters: readonly QueryParameter[], visit: (row: QueryRow) => void) => void;

/** Hands all rows of an ECSQL query to `visit`. */
export function eachRow(
  imodel: IModelDb,
  ecsql: string,
  parameters: readonly QueryParameter[],
  visit: (row: QueryRow) => void,
): void {
  queryOf(imodel, ecsql)(parameters, visit);
}

/** The same for many rows: the event loop turns in between, so that signals are heard. */
export async function eachRowInTurns(imodel: IModelDb, ecsql: string, visit: (row: QueryRow) => void): Promise<void> {
  const sql = imodel.withPreparedStatement(ecsql, nativeSqlOf);
  if (sql === undefined)
    return imodel.withPreparedStatement(ecsql, async (statement) =>
      visitInTurns(statement, new EcsqlRow(statement), visit),
    );
  return imodel.withPreparedSqliteStatement(sql, async (statement) => visitInTurns(statement, statement, visit));
}

/**
 * An ECSQL query that is run so often that even the look-up of its SQL would be felt. It stays valid until a schema is
 * imported that adds a class to those that are queried.
 *
 * Where the platform tells the SQL of an ECSQL statement, it is run as a SQLite statement. A row then costs a tenth of
 * the time. Both ways are synchronous, which `Synchronizer.detectChanges` has to be.
 */
export function queryOf(imodel: IModelDb, ecsql: string): RunQuery {
  const sql = imodel.withPreparedStatement(ecsql, nativeSqlOf);
  if (sql === undefined)
    return (parameters, visit) =>
      imodel.withPreparedStatement(ecsql, (statement) => {
        bind(statement, parameters);
        visitAll(statement, new EcsqlRow(statement), visit);
      });
  return (parameters, visit) =>
    imodel.withPreparedSqliteStatement(sql, (statement) => {
      bind(statement, parameters);
      visitAll(statement, statement, visit);
    });
}

/** Runs an ECSQL query that will not come again: its statement is not kept. */
function visitOnce(imodel: IModelDb, ecsql: string, visit: (row: QueryRow) => void): void {
  const sql = imodel.withStatement(ecsql, nativeSqlOf);
  if (sql === undefined)
    imodel.withStatement(ecsql, (statement) => visitAll(statement, new EcsqlRow(statement), visit));
  else imodel.withSqliteStatement(sql, (statement) => visitAll(statement, statement, visit));
}

/** All rows of an ECSQL query, each through `read`. */
export function queryRows<T>(
  imodel: IModelDb,
  ecsql: string,
  parameters: QueryParameter[],
  read: (row: QueryRow) => T,
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
  read: (row: QueryRow) => T,
): T[] {
  const rows: T[] = [];
  for (const list of listsOf(ids)) visitOnce(imodel, ecsqlOf(list), (row) => rows.push(read(row)));
  return rows;
}

/** Hands all rows of such a query to `visit`. The event loop turns in between. */
export async function eachRowOfIdsInTurns(
  imodel: IModelDb,
  ids: Iterable<Id64String>,
  ecsqlOf: (list: string) => string,
  visit: (row: QueryRow) => void,
): Promise<void> {
  const turns = new LoopTurns();
  for (const list of listsOf(ids)) {
    visitOnce(imodel, ecsqlOf(list), visit);
    if (turns.areDue) await turns.take();
  }
}

/** Lists of ids, each short enough for one query. */
function* listsOf(ids: Iterable<Id64String>): Generator<string> {
  const all = [...ids];
  for (let start = 0; start < all.length; start += idsPerQuery) yield all.slice(start, start + idsPerQuery).join(",");
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
export function idOrUndefined(row: QueryRow, column: number): Id64String | undefined {
  return row.isValueNull(column) ? undefined : row.getValueId(column);
}

function firstId(row: QueryRow): Id64String {
  return row.getValueId(0);
}

/** What binds parameters of both kinds of statement. */
type Binder = Pick<SqliteStatement, "bindGuid" | "bindId" | "bindString">;

function bind(statement: Binder, parameters: readonly QueryParameter[]): void {
  for (const [index, value] of parameters.entries())
    if (typeof value === "string") statement.bindId(index + 1, value);
    else if ("guid" in value) statement.bindGuid(index + 1, value.guid);
    else statement.bindString(index + 1, value.text);
}

function visitAll<Row extends QueryRow>(statement: { step(): DbResult }, row: Row, visit: (row: Row) => void): void {
  while (statement.step() === DbResult.BE_SQLITE_ROW) visit(row);
}

async function visitInTurns<Row extends QueryRow>(
  statement: { step(): DbResult },
  row: Row,
  visit: (row: Row) => void,
): Promise<void> {
  const turns = new LoopTurns();
  while (statement.step() === DbResult.BE_SQLITE_ROW) {
    visit(row);
    if (turns.areDue) await turns.take();
  }
}
