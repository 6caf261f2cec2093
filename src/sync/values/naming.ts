import { DbResult } from "@itwin/core-bentley";
import { ConnectorError } from "../../ConnectorError.js";
import type { ValueOwner } from "./ValueOwner.js";

/** Codes of errors that say that the iModel does not take an item as its connector gives it. */
const refusals = new Set([
  "sync/aspect-refused",
  "sync/delete-failed",
  "sync/insert-failed",
  "sync/modeled-element-replaced",
  "sync/update-failed",
  "stream/relationship-refused",
]);

/** Writes an item. If the iModel refuses it, the error says which item it is, and where it is in the source. */
export function naming<T>({ name, location, recovery }: ValueOwner, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { code, message, advice, cause, source = location } = error;
    const named = message.startsWith(name) ? message : `${name}: ${message}`;
    throw new ConnectorError(code, named, { advice, recovery, cause, source });
  }
}

function isRefusal(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && refusals.has(error.code) && !isOfFile(error.cause);
}

/** Results of SQLite after which nothing more can be written, whatever the item is. */
const failuresOfFile: ReadonlySet<number> = new Set([
  DbResult.BE_SQLITE_CORRUPT,
  DbResult.BE_SQLITE_FULL,
  DbResult.BE_SQLITE_IOERR,
  DbResult.BE_SQLITE_NOMEM,
  DbResult.BE_SQLITE_READONLY,
]);

function isOfFile(cause: unknown): boolean {
  const { errorNumber } = (cause ?? {}) as { errorNumber?: number };
  return errorNumber !== undefined && failuresOfFile.has(errorNumber & 0xff);
}
