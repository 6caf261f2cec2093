import { v5 } from "uuid";

/** The GUID of a document whose owner has an id of its own for it: the same for the same iModel and id, in all runs. */
export function documentGuidOf(iModelId: string, sourceFileId: string): string {
  return v5(sourceFileId, iModelId);
}
