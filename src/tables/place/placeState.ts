import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { readFrame } from "../../places/frame/storedFrame.js";

const property = { namespace: "itwin-connector-framework", name: "Location" };

/**
 * What decides about the places of a document's rows beside the document and the options: the grids, and where the iModel is
 * on the Earth. Empty without grids as long as the iModel is where this framework has put it, so that a document is the same
 * before and after the run that has placed the iModel.
 */
export function placeState(imodel: IModelDb, gridFolder: string | undefined): string {
  return [gridFolder === undefined ? "" : stateOfGrids(gridFolder), stateOfLocation(imodel)].join("");
}

/** Remembers where the iModel has been put. */
export function keepLocation(imodel: IModelDb): void {
  imodel.saveFileProperty(property, textOf(imodel));
}

function stateOfLocation(imodel: IModelDb): string {
  if (!imodel.isGeoLocated || readFrame(imodel) !== undefined) return "";
  const location = textOf(imodel);
  return imodel.queryFilePropertyString(property) === location ? "" : location;
}

function textOf(imodel: IModelDb): string {
  const { origin, orientation, xVector, yVector } = imodel.ecefLocation ?? {};
  return createHash("sha256")
    .update(JSON.stringify([origin, orientation, xVector, yVector]))
    .digest("hex");
}

/** A folder that cannot be read has no state: it is refused where a grid is looked for. */
function stateOfGrids(folder: string): string {
  try {
    const names = readdirSync(folder)
      .filter((name) => /\.gsb$/i.test(name))
      .sort();
    return JSON.stringify(names.map((name) => [name, ...stateOfFile(join(folder, name))]));
  } catch {
    return "";
  }
}

function stateOfFile(path: string): number[] {
  const { size, mtimeMs } = statSync(path);
  return [size, mtimeMs];
}
