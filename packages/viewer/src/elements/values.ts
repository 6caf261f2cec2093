import type { PropertyInfo, ValueType } from "./PropertyInfo.js";

/** What a query reads for a property: columns that JSON can hold without a loss. */
export function selectOf({ name, type }: PropertyInfo, alias: string): string {
  const path = `${alias}.[${name}]`;
  if (type === "element") return `${path}.Id`;
  return type === "integer" ? `CAST(${path} AS TEXT)` : path; // numbers in JSON are exact up to 53 bits
}

/** Whether the values of a property can be shown. */
export function isReadable({ type }: PropertyInfo): boolean {
  return type !== "binary";
}

/** A value as JSON has it: null, a text, a number, true or false, or what consists of these. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** A value of a column that {@link selectOf} reads. */
export function valueOf(read: unknown, type: ValueType): Value {
  if (read === null || read === undefined) return null;
  if (read instanceof Uint8Array) return Buffer.from(read).toString("base64");
  if (type !== "integer") return read as Value;
  const text = typeof read === "string" ? read : JSON.stringify(read);
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

/** A value as a person reads it, or as a cell of a table. Empty for null. */
export function textOf(value: Value, property?: Pick<PropertyInfo, "enumerators">): string {
  if (value === null) return "";
  if (typeof value === "object") return structureText(value);
  const text = String(value);
  return property?.enumerators?.get(text) ?? text;
}

function structureText(value: object): string {
  const { X, Y, Z } = value as Record<string, unknown>;
  if (typeof X === "number" && typeof Y === "number") return [X, Y, ...(typeof Z === "number" ? [Z] : [])].join(", ");
  return JSON.stringify(value);
}
