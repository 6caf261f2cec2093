import { sql } from "kysely";

/** The time of the database, the same for all workers. */
export function now(): ReturnType<typeof sql<Date>> {
  return sql<Date>`now()`;
}

/** A time before or after that of the database. */
export function secondsFromNow(seconds: number): ReturnType<typeof sql<Date>> {
  return sql<Date>`now() + make_interval(secs => ${sql.val(seconds)})`;
}
