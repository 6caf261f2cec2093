import { isUtf8 } from "node:buffer";
import { SqliteValueType, type SqliteValue } from "@itwin/core-backend";
import { ConnectorError, type SourceLocation } from "../../ConnectorError.js";
import type { SourceErrors } from "../format/SourceErrors.js";
import type { CellContent } from "../cells/CellContent.js";

/** A column as SQLite describes it. */
export interface SqliteColumn {
  name: string;
  /** The type that it was declared with, in any spelling. */
  type: string;
  /** Its place in the primary key, counted from 1; else 0. */
  pk: number;
}

/** What stands for bytes that are no text, unless it is a character of the text itself. */
const replacement = "\ufffd";
const nulCharacter = "\0";
const spacedTime = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/;

/** A name in SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A column such that nothing of it is lost on the way: integers that no double holds, and blobs, as texts; texts with a
 * NUL character, which would be cut there, as blobs.
 */
export function columnSql({ name }: SqliteColumn): string {
  const column = quote(name);
  return `CASE typeof(${column})
    WHEN 'integer' THEN iif(${column} BETWEEN -9007199254740991 AND 9007199254740991, ${column}, CAST(${column} AS TEXT))
    WHEN 'text' THEN iif(instr(${column}, char(0)), CAST(${column} AS BLOB), ${column})
    WHEN 'blob' THEN hex(${column}) ELSE ${column} END`;
}

/** A value as its column was meant: SQLite itself has neither booleans nor dates. Undefined for bytes that are no text. */
export function cellOf(value: SqliteValue, { type }: SqliteColumn): CellContent {
  if (value.type === SqliteValueType.Integer) return integerOf(value.getInteger(), type);
  if (value.type === SqliteValueType.Double) return value.getDouble();
  if (value.type === SqliteValueType.Null) return null;
  const text = value.type === SqliteValueType.Blob ? nulCharacter : value.getString();
  if (text.includes(replacement) && !isUtf8(Buffer.from(value.getBlob()))) return undefined;
  return /date|time/i.test(type) ? text.replace(spacedTime, "$1T$2") : text;
}

/** Errors of SQLite, and what has an advice already. */
export function explain(error: unknown, errors: SourceErrors, source: SourceLocation = {}): unknown {
  if (error instanceof ConnectorError || !(error instanceof Error)) return error;
  return errors.make("unreadable", `It cannot be read: ${error.message}`, {
    source,
    advice: "Check the file with PRAGMA integrity_check, and views with a SELECT.",
    cause: error,
  });
}

function integerOf(value: number, type: string): number | boolean {
  return /^bool/i.test(type) && (value === 0 || value === 1) ? value === 1 : value;
}
