import type { ColumnType } from "../cells/columnTypes.js";

/** The beginnings of declared types. SQLite takes any word for a type, and other databases name theirs in many ways. */
const types: readonly (readonly [pattern: RegExp, type: ColumnType])[] = [
  [/^bool(?:ean)?\b/i, "boolean"],
  [/^(?:big ?int|int8|unsigned big int|int64)\b/i, "long"],
  [/^(?:tiny|small|medium)?int(?:eger|2|4|16|32)?\b/i, "int"],
  [/^(?:real|float|double|numeric|decimal|number)\b/i, "double"],
  [/^date\b/i, "date"],
  [/^(?:datetime|timestamp)\b/i, "dateTime"],
];

/** What a column is declared as; undefined for texts, whose values may be of any type, and for words that are not known. */
export function declaredType(declaration: string): ColumnType | undefined {
  return types.find(([pattern]) => pattern.test(declaration.trim()))?.[1];
}
