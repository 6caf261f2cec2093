import { ConnectorError } from "../../ConnectorError.js";
import type { SourceItem } from "./SourceItem.js";

/**
 * Checks what identifies an item, and its state, before they are compared: an iModel would end a text at a NUL, and store
 * nothing for what is not a text, so that the item would be another one in the next run.
 * @throws ConnectorError `sync/invalid-item`
 */
export function checkItem(kind: unknown, item: SourceItem | undefined): void {
  const { id, version, checksum }: Partial<SourceItem> = item ?? {};
  if (!isStorableText(kind)) throw invalid(`The kind of an item is ${quote(kind)}.`);
  if (!isStorableText(id)) throw invalid(`The identifier of a ${kind} is ${quote(id)}.`);
  if (version !== undefined && !isStorableText(version))
    throw invalid(`The version of ${kind} "${id}" is ${quote(version)}.`);
  if (checksum !== undefined && typeof checksum !== "function" && !isStorableText(checksum))
    throw invalid(`The checksum of ${kind} "${id}" is ${quote(checksum)}.`);
}

/** The same for a checksum that a function has computed. */
export function checkChecksum(id: string, checksum: unknown): void {
  if (!isStorableText(checksum)) throw invalid(`The checksum of "${id}" is ${quote(checksum)}.`);
}

/** Whether an iModel can hold a text as it is: SQLite ends it at a NUL, and UTF-8 has no halves of surrogate pairs. */
export function isStorableText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0") && !/\p{Surrogate}/u.test(value);
}

function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function invalid(message: string): ConnectorError {
  return new ConnectorError("sync/invalid-item", message, {
    advice: "Give a text without NUL and without half of a surrogate pair.",
  });
}
