import { createHash } from "node:crypto";
import { formatGuid } from "../../platform/ids.js";

/**
 * The GUID of a document that only its owner's id is known of: the same for the same iModel and id, in all runs. A UUID of
 * version 5, with the iModel as its namespace.
 */
export function documentGuidOf(iModelId: string, sourceFileId: string): string {
  const namespace = Buffer.from(iModelId.replaceAll("-", ""), "hex");
  const bytes = createHash("sha1").update(namespace).update(sourceFileId).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return formatGuid(bytes);
}
