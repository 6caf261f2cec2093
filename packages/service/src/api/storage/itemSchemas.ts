import { Type, type Static } from "typebox";
import type { StorageItem } from "../../platform/database/tables.js";
import { unprocessable } from "../../platform/errors.js";
import { faultsOfDescription, faultsOfName } from "./names.js";

const DisplayName = Type.String({
  description:
    'At most 255 characters, none of them a control character or one of / \\ : * ? " < > |. Files cannot be executables.',
});

const Description = Type.Optional(Type.Union([Type.String(), Type.Null()]));

/** What a file or folder is created with. */
export const CreateBody = Type.Object({ displayName: DisplayName, description: Description });

/** What is changed in a file or folder. */
export const UpdateBody = Type.Object({ displayName: Type.Optional(DisplayName), description: Description });

export const ItemParams = Type.Object({ id: Type.String() });

/** The codes of 422 answers to what creates or changes an item. */
export const invalidItemCodes = { file: "InvalidCreateFileRequest", folder: "InvalidCreateFolderRequest" } as const;

/**
 * Refuses names and descriptions that cannot be kept.
 * @throws HttpError 422
 */
export function ensureFields(kind: StorageItem["kind"], { displayName, description }: Static<typeof UpdateBody>): void {
  const faults = displayName === undefined ? [] : faultsOfName(displayName, kind);
  faults.push(...faultsOfDescription(description));
  if (faults.length > 0) throw unprocessable(invalidItemCodes[kind], faults);
}
