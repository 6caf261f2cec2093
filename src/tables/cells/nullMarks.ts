/** What programs write for a value that is missing. */
const wellKnown: ReadonlySet<unknown> = new Set([
  "NA",
  "N/A",
  "n/a",
  "#N/A",
  "NULL",
  "Null",
  "null",
  "\\N",
  "NaN",
  "nan",
  "None",
  "nil",
  "-",
  "--",
  "---",
]);

/** Whether a text stands for a missing value in a column that otherwise holds no texts. */
export function isNullMark(content: unknown): boolean {
  return wellKnown.has(content);
}
