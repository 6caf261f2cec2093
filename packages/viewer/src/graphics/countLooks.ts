import type { IModelDb } from "@itwin/core-backend";
import type { Layer } from "./Layer.js";

/** So many elements of a layer are looked at. */
const sampleSize = 100;

/** How many looks the elements of the layers have, about: a sample is looked at. At least 1. */
export function countLooks(imodel: IModelDb, layers: readonly Layer[]): number {
  const looks = new Set<string>();
  const add = (...look: readonly unknown[]) => looks.add(look.join(" "));
  for (const { elements, is2d } of layers) {
    if (is2d) continue;
    const step = Math.ceil(elements.ids.length / sampleSize);
    const elementIdArray = elements.ids.filter((_, index) => index % step === 0);
    try {
      imodel.exportGraphics({
        elementIdArray,
        onGraphics: ({ color, materialId, textureId, mesh }) => add(color, materialId, textureId, mesh.isTwoSided),
        onLineGraphics: ({ color }) => add(color, "lines"),
      });
    } catch {
      // Whoever reads the elements says which of them fails.
    }
  }
  return Math.max(1, looks.size);
}
