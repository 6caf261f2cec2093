import { createHash } from "node:crypto";
import { CompressedId64Set, type Id64String } from "@itwin/core-bentley";
import type { QueryRow } from "../imodel/EcsqlRow.js";
import type { Column, ColumnKind } from "./columns.js";
import type { References } from "./References.js";
import type { PropertyDifference } from "./result.js";
import type { SchemaCatalog } from "./SchemaCatalog.js";
import { isIdKey, isIdText, isIgnoredMember } from "./whatCounts.js";

/** A value as it is compared, and as it is shown. */
export interface Cell {
  readonly key: string;
  readonly shown: unknown;
}

/** The values of something by the names of its properties. */
export type Bag = Map<string, Cell>;

/** What is needed to read the values of an iModel. */
export interface ValueContext {
  readonly catalog: SchemaCatalog;
  readonly references: References;
}

/** How a value of each kind becomes text. */
const texts: Record<ColumnKind, (row: QueryRow, index: number, context: ValueContext) => string | undefined> = {
  value: (row, index) => plainText(row.getValue(index).value),
  time: (row, index) => plainText(row.getValue(index).value),
  guid: (row, index) => row.getValueGuid(index),
  placement: (row, index) => placementText(row.getValue(index).value),
  json: (row, index, { references }) => jsonText(row.getValueString(index), references),
  element: (row, index, { references }) => references.of(row.getValueId(index)),
  codeSpec: (row, index, { references }) => references.codeSpec(row.getValueId(index)),
  other: () => "something",
  class: (row, index, { catalog }) => catalog.classOf(row.getValueId(index)).name,
  identifier: (row, index, { references }) => references.identifier(row.getValueString(index)),
  geometry: () => undefined, // read in another way
};

/** A value as text that is the same on both sides when the value counts as the same; undefined where there is none. */
export function readText(row: QueryRow, index: number, column: Column, context: ValueContext): string | undefined {
  return row.isValueNull(index) ? undefined : texts[column.kind](row, index, context);
}

/** Adds a value, as {@link readText} reads it, to a bag. JSON becomes one value for each of its leaves. */
export function readCell(row: QueryRow, index: number, column: Column, context: ValueContext, bag: Bag): void {
  const key = readText(row, index, column, context);
  if (key === undefined) return;
  if (column.kind === "json") flatten(parseJson(row.getValueString(index)), column.name, context.references, bag);
  else bag.set(column.name, { key, shown: shownValue(row, index, column, context, key) });
}

/** Adds the leaves of a JSON value to a bag, each under its path. */
export function flatten(value: unknown, path: string, references: References, bag: Bag, key = ""): void {
  if (Array.isArray(value))
    value.forEach((member, index) => flatten(member, `${path}[${index}]`, references, bag, key));
  else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value))
      if (!isIgnoredMember(name, member)) flatten(member, `${path}.${name}`, references, bag, name);
  } else if (value !== undefined) bag.set(path, leafCell(value, key, references));
}

/** JSON with its keys in order, without what does not count, and with ids replaced by what stands for them. */
export function comparableJson(value: unknown, references: References, key = ""): string {
  if (Array.isArray(value)) return `[${value.map((member) => comparableJson(member, references, key)).join()}]`;
  if (typeof value !== "object" || value === null) return leafCell(value, key, references).key;
  const members = Object.entries(value)
    .filter(([name, member]) => member !== undefined && !isIgnoredMember(name, member))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${comparableJson(member, references, name)}`).join()}}`;
}

/** A JSON value in which labels take the place of ids, for people to read. */
export function withLabels(value: unknown, references: References, key = ""): unknown {
  if (Array.isArray(value)) return value.map((member) => withLabels(member, references, key));
  if (typeof value !== "object" || value === null) return leafCell(value, key, references).shown;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withLabels(member, references, name)]),
  );
}

/** What differs between two bags, in the order of A and then of what only B has. */
export function compareBags(a: Bag, b: Bag): PropertyDifference[] {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names]
    .filter((name) => a.get(name)?.key !== b.get(name)?.key)
    .map((property) => ({ property, a: a.get(property)?.shown, b: b.get(property)?.shown }));
}

/** A short text that stands for a long one. */
export function digest(content: string | Uint8Array): string {
  return createHash("sha1").update(content).digest("base64");
}

function jsonText(text: string, references: References): string | undefined {
  const json = comparableJson(parseJson(text), references);
  return json === "{}" ? undefined : json; // an element without JSON properties has either
}

/** What is no JSON, in a column for JSON, is compared as the text that it is. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function leafCell(value: unknown, key: string, references: References): Cell {
  if (key === "font" && typeof value === "number") return fontCell(value, references);
  if (typeof value === "string" && isIdKey(key)) {
    if (isIdText(value)) return referenceCell(value, references);
    if (value.startsWith("+")) return referenceSetCell(value, references);
  }
  return { key: JSON.stringify(value), shown: value };
}

/** An id that leads nowhere is not known to be one. */
function referenceCell(id: Id64String, references: References): Cell {
  const found = references.find(id);
  return found === undefined ? { key: JSON.stringify(id), shown: id } : { key: found, shown: references.labelOf(id) };
}

/** Text in geometry names its font by a number that each iModel gives as it likes. */
function fontCell(id: number, references: References): Cell {
  const shown = references.font(id) ?? id;
  return { key: JSON.stringify(shown), shown };
}

function referenceSetCell(compressed: string, references: References): Cell {
  const ids = [...CompressedId64Set.iterable(compressed)];
  const key = ids.map((id) => references.of(id)).sort();
  return { key: `{${key.join()}}`, shown: ids.map((id) => references.labelOf(id)) };
}

function placementText(value: unknown): string | undefined {
  return value === 0 ? undefined : plainText(value);
}

function plainText(value: unknown): string {
  if (typeof value === "string") return `"${value}"`; // so that it cannot be taken for a number
  return value instanceof Uint8Array ? digest(value) : String(value);
}

function shownValue(row: QueryRow, index: number, column: Column, context: ValueContext, key: string): unknown {
  switch (column.kind) {
    case "element":
      return context.references.labelOf(row.getValueId(index));
    case "time":
      return julianDayToIso(row.getValueDouble(index));
    case "value":
    case "placement":
      return shownPlain(row.getValue(index).value);
    default:
      return key;
  }
}

function shownPlain(value: unknown): unknown {
  return value instanceof Uint8Array ? `${value.length} bytes, SHA-1 ${digest(value)}` : value;
}

/** SQLite keeps times as days since noon on 24 November 4714 BC. */
function julianDayToIso(days: number): string {
  return new Date(Math.round((days - 2440587.5) * 86_400_000)).toISOString();
}
