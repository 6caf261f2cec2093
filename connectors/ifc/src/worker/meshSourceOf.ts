import type { Axes } from "../curves/axes.js";
import { lowestLevel, segmentsOf } from "../model/circles/segments.js";
import type { IfcModel } from "../model/IfcModel.js";
import type { ShapeOptions } from "../model/meshed/ShapeOptions.js";
import type { SliceCutter } from "../model/meshed/SliceCutter.js";
import type { MeshSource } from "./MeshesAhead.js";
import { placeShown } from "./placeShown.js";

/** The slices of a file for web-ifc, which finds a local placement in place of those that it does not compute. */
export function meshSourceOf(model: IfcModel, options: ShapeOptions): MeshSource {
  let cutter: SliceCutter | undefined;
  return {
    cut: (ids, level) => {
      cutter ??= model.cutterOf(replacePlacements(model));
      const { text, entities } = cutter.cut(ids);
      const segments = options.circleSegments ?? segmentsOf(level);
      return { slice: { text, segments, metresPerLength: model.units.metresPerLength }, entities };
    },
    levelOf: (id) => (options.circleSegments === undefined ? model.circleLevelOf(id) : lowestLevel),
    canMesh: (id) => "axes" in placeShown(model, id),
  };
}

function replacePlacements(model: IfcModel): Map<number, string> {
  let free = model.file.step.highestId;
  const replacements = new Map<number, string>();
  for (const { id, axes } of model.shapes.computedPlacements()) {
    replacements.set(id, localPlacement(id, axes, { first: free + 1, metres: model.units.metresPerLength }));
    free += instancesOfPlacement;
  }
  return replacements;
}

/** How many instances a placement takes beside itself. */
const instancesOfPlacement = 4;

/** An IfcLocalPlacement that stands for itself, in the unit of the file. */
function localPlacement(
  id: number,
  { origin, x, z }: Axes,
  { first, metres }: { first: number; metres: number },
): string {
  const point = origin.map((coordinate) => real(coordinate / metres));
  return [
    `#${first}=IFCCARTESIANPOINT((${point.join()}));`,
    `#${first + 1}=IFCDIRECTION((${z.map(real).join()}));`,
    `#${first + 2}=IFCDIRECTION((${x.map(real).join()}));`,
    `#${first + 3}=IFCAXIS2PLACEMENT3D(#${first},#${first + 1},#${first + 2});`,
    `#${id}=IFCLOCALPLACEMENT($,#${first + 3});`,
  ].join("\n");
}

/** A number as ISO 10303-21 has it, with a decimal point. */
function real(value: number): string {
  const text = String(value).toUpperCase();
  if (text.includes(".")) return text;
  return text.includes("E") ? text.replace("E", ".E") : `${text}.`;
}
