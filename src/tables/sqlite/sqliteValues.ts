import { isUtf8 } from "node:buffer";
import { SqliteValueType, type SqliteStatement, type SqliteValue } from "@itwin/core-backend";
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

/** How the values of a column are meant. */
export interface ColumnMeaning {
  name: string;
  /** Whether 0 and 1 are false and true. */
  isBoolean: boolean;
  /** Whether a text can be a time with a space before the hours. */
  hasTimes: boolean;
}

/** What stands for bytes that are no text, unless it is a character of the text itself. */
const replacement = "\ufffd";
const spacedTime = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/;

/** A name in SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A value of the current row as its column was meant: SQLite itself has neither booleans nor dates. Integers that no double
 * holds, and blobs (in hex), are texts. Undefined for bytes that are no text.
 */
export function cellOf(statement: SqliteStatement, index: number, column: ColumnMeaning): CellContent {
  const value = statement.getValue(index);
  switch (value.type) {
    case SqliteValueType.Integer:
      return integerOf(value, column);
    case SqliteValueType.Double:
      return value.getDouble();
    case SqliteValueType.Null:
      return null;
    case SqliteValueType.Blob:
      return bytesOf(value).toString("hex").toUpperCase();
    default:
      return textOf(value, statement.getColumnBytes(index), column);
  }
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

function integerOf(value: SqliteValue, { isBoolean }: ColumnMeaning): CellContent {
  const integer = value.getInteger();
  if (!Number.isSafeInteger(integer)) return value.getString();
  return isBoolean ? integer === 1 : integer;
}

/** The platform ends a text at a NUL, and replaces bytes that are no text. */
function textOf(value: SqliteValue, byteCount: number, { hasTimes }: ColumnMeaning): string | undefined {
  let text = value.getString();
  const isWhole = text.length === byteCount || Buffer.byteLength(text) === byteCount;
  if (!isWhole || text.includes(replacement)) {
    const bytes = bytesOf(value);
    if (!isUtf8(bytes)) return undefined;
    text = bytes.toString("utf8");
  }
  return hasTimes ? text.replace(spacedTime, "$1T$2") : text;
}

function bytesOf(value: SqliteValue): Buffer {
  const { buffer, byteOffset, byteLength } = value.getBlob();
  return Buffer.from(buffer, byteOffset, byteLength);
}
