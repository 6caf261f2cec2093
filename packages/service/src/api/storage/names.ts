import { invalidValue, unprocessable, type ErrorDetail } from "../../platform/errors.js";
import type { StorageItem } from "../../platform/database/tables.js";
import { invalidItemCodes } from "./errors.js";
import type { ItemChanges } from "./itemSchemas.js";

const maxLength = 255;

/** What file systems of the computers that files go to do not take, and what divides the names of a path. */
const illegal = /[\u0000-\u001f\u007f/\\:*?"<>|]/; // eslint-disable-line no-control-regex

/** What Windows executes when it is opened. A storage of design files has no use for it. */
const executables = new Set(
  "bat cmd com cpl exe hta js jse lnk msi msp pif ps1 scr vbe vbs wsf wsh"
    .split(" ")
    .map((extension) => `.${extension}`),
);

/**
 * Refuses names and descriptions that cannot be kept.
 * @throws HttpError 422
 */
export function ensureFields(kind: StorageItem["kind"], { displayName, description }: ItemChanges): void {
  const faults = displayName === undefined ? [] : faultsOfName(displayName, kind);
  faults.push(...faultsOfDescription(description));
  if (faults.length > 0) throw unprocessable(invalidItemCodes[kind], faults);
}

/**
 * What is wrong with the name of a file or folder. Names are otherwise kept as they are: spaces at either end belong to
 * them, and several items in a folder may have the same.
 */
function faultsOfName(name: string, kind: StorageItem["kind"]): ErrorDetail[] {
  const message = faultOf(name) ?? (kind === "file" ? faultOfType(name) : undefined);
  return message === undefined ? [] : [invalidValue("displayName", message)];
}

function faultOf(name: string): string | undefined {
  if (name === "") return "displayName is empty.";
  if (name.length > maxLength) return `displayName is longer than ${maxLength} characters.`;
  if (name === "." || name === "..") return `displayName cannot be ${name}`;
  if (illegal.test(name))
    return 'displayName has a character that is not allowed: one of / \\ : * ? " < > | or a control character.';
  return undefined;
}

function faultOfType(name: string): string | undefined {
  const extension = /\.[^.]*$/.exec(name.replace(/[. ]+$/, ""))?.[0].toLowerCase(); // Windows ignores dots and spaces at the end
  if (extension === undefined || !executables.has(extension)) return undefined;
  return `Files of the type ${extension} are not allowed, as they can be executed.`;
}

/** What is wrong with a description: Postgres cannot keep the character 0. */
function faultsOfDescription(description: string | null | undefined): ErrorDetail[] {
  return description?.includes("\u0000") ? [invalidValue("description")] : [];
}
