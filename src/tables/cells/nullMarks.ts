/** What programs write for a value that is missing. */
const wellKnown: ReadonlySet<string> = new Set([
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

/** The length of the longest one. Few cells are so short, and to look up each of them would take time. */
const longest = 4;

/** Whether a text stands for a missing value in a column that otherwise holds no texts. */
export function isNullMark(content: unknown): boolean {
  return typeof content === "string" && content.length <= longest && wellKnown.has(content);
}
