import { createHash } from "node:crypto";
import type { IModelDb } from "@itwin/core-backend";
import { readFrame } from "./storedFrame.js";

/** Of iModels that have got a place without the frame of a map. */
const property = { namespace: "itwin-connector-framework", name: "Location" };

/**
 * Where another program has put the iModel on the Earth, as it counts for the state of a document. Empty as long as the iModel is where this
 * framework has put it, so that a document is the same before and after the run that has placed the iModel.
 */
export function placeState(imodel: IModelDb): string {
  if (!imodel.isGeoLocated || readFrame(imodel) !== undefined) return "";
  const location = textOf(imodel);
  return imodel.queryFilePropertyString(property) === location ? "" : location;
}

/** Whether the iModel is where longitudes and latitudes have put it, without the frame of a map. */
export function isPlacedByDegrees(imodel: IModelDb): boolean {
  return imodel.isGeoLocated && imodel.queryFilePropertyString(property) === textOf(imodel);
}

/** Remembers where the iModel has been put. */
export function keepLocation(imodel: IModelDb): void {
  imodel.saveFileProperty(property, textOf(imodel));
}

function textOf(imodel: IModelDb): string {
  const { origin, orientation, xVector, yVector } = imodel.ecefLocation ?? {};
  return createHash("sha256")
    .update(JSON.stringify([origin, orientation, xVector, yVector]))
    .digest("hex");
}
