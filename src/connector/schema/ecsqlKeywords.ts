/**
 * The words that ECSQL reads as part of its grammar: a query that names a class or property of that name needs brackets around
 * it. This is the list of core-backend 5.7.3; the test of this file proves each word, and tries others.
 */
const keywords: ReadonlySet<string> = new Set(
  [
    "all and any as asc avg backward between binary blob boolean by case cast collate count cross",
    "cume_dist current current_date current_time current_timestamp date delete dense_rank desc distinct",
    "double ecsqloptions else end escape every except exclude exists false filter first first_value float",
    "following for forward from full group group_concat groups having iif in inner insert int int64",
    "integer intersect into is join lag last last_value lead left like limit long match max min natural",
    "navigation_value no nocase not nth_value ntile null nulls offset on only options or order others",
    "outer over partition percent_rank pragma preceding range rank real recursive right row row_number",
    "rows rtrim select set some string sum then ties time timestamp total true unbounded union unique",
    "unknown update using value values varchar when where window with",
  ].flatMap((line) => line.split(" ")),
);

/** Whether ECSQL reads a name as a keyword, whatever the case of its letters. */
export function isECSqlKeyword(name: string): boolean {
  return keywords.has(name.toLowerCase());
}

/** The name itself, or with an underscore after it if it is a keyword. */
export function withoutKeyword(name: string): string {
  return isECSqlKeyword(name) ? `${name}_` : name;
}
