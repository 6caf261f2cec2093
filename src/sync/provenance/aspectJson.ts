import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { updateExternalSourceAspect } from "../../imodel/native.js";
import { queryRows } from "../../imodel/queries.js";

/**
 * Where the federation GUID of an element comes from: `given` if the source gave it when the item was written last, `kept`
 * if it gave one before, and the element has kept it. Without either the source never gave one, or version 0.1 has written
 * the item.
 */
export type GuidOrigin = "given" | "kept";

/** The JSON properties of an ExternalSourceAspect. */
export interface AspectJson {
  federationGuid?: GuidOrigin;
  /** What a `StreamConnector` has made for the item beside its element. */
  references?: unknown;
}

/** Reads the JSON properties of an aspect. */
export function readAspectJson(imodel: IModelDb, aspectId: Id64String): AspectJson {
  const ecsql = "SELECT JsonProperties FROM bis.ExternalSourceAspect WHERE ECInstanceId=?";
  return parseAspectJson(queryRows(imodel, ecsql, [aspectId], (row) => row.getValueStringMaybe(0))[0]);
}

/** Changes some members of the JSON properties of an aspect. One that is undefined goes. */
export function updateAspectJson(imodel: IModelDb, aspectId: Id64String, changed: AspectJson): void {
  const jsonProperties = formatAspectJson({ ...readAspectJson(imodel, aspectId), ...changed });
  updateExternalSourceAspect(imodel, aspectId, { jsonProperties });
}

/** The members of JSON properties. The platform's public calls write an empty text where there are none. */
export function parseAspectJson(text: string | undefined): AspectJson {
  return text ? (JSON.parse(text) as AspectJson) : {};
}

/** JSON properties as they are written, or undefined without a member. */
export function formatAspectJson(json: AspectJson): string | undefined {
  return Object.values(json).every((value) => value === undefined) ? undefined : JSON.stringify(json);
}
