import type { StorageItem } from "../../platform/database/tables.js";
import { notFound, type HttpError } from "../../platform/errors.js";

/** The code of 422 answers where the platform's documents name none. */
export const invalidStorageCode = "InvalidStorageRequest";

/** The codes of 422 answers to what creates or changes an item. */
export const invalidItemCodes = { file: "InvalidCreateFileRequest", folder: "InvalidCreateFolderRequest" } as const;

/** There is no such file or folder, or it is in the recycle bin. */
export function itemNotFound(kind: StorageItem["kind"]): HttpError {
  return notFound(kind === "file" ? "File" : "Folder", kind);
}
