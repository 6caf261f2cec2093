import type { Axes } from "../curves/axes.js";
import { NotDrawable } from "../model/curves/NotDrawable.js";
import type { IfcModel } from "../model/IfcModel.js";

/** Why an entity with a shape is not shown: the key of an issue, and its message behind the name of the entity. */
export interface NotShown {
  readonly key: "circle" | "body-incomplete" | "placement-failed";
  readonly message: string;
}

/** Where an entity with a shape is. One without a place is not shown: it would stand where it does not belong. */
export function placeShown(model: IfcModel, id: number): { readonly axes: Axes } | NotShown {
  if (model.isCyclic(id))
    return { key: "circle", message: "what it refers to goes in a circle, so that it has no place and no geometry." };
  const missing = model.whyWithoutGeometry(id);
  if (missing !== undefined)
    return { key: "body-incomplete", message: `${missing}, which is not in the file. So it has no geometry.` };
  try {
    return { axes: model.shapes.placeOf(id) };
  } catch (error) {
    if (!(error instanceof NotDrawable)) throw error;
    const message = `its place is not known, so that it has no geometry: ${error.message}.`;
    return { key: "placement-failed", message };
  }
}
