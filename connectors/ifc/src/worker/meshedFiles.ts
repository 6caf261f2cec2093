import type { Axes } from "../curves/axes.js";
import { lowestLevel, segmentsOf } from "../model/circles/segments.js";
import type { IfcModel } from "../model/IfcModel.js";
import { StepExcerpt } from "../step/StepExcerpt.js";
import type { StepFile } from "../step/StepFile.js";
import type { MeshedFiles } from "./Mesher.js";

/** What decides how fine curves are. */
export interface ShapeOptions {
  /** How far straight segments may be from curves, in metres. */
  readonly chordTolerance: number;
  /** In how many segments every full circle is cut; undefined where the tolerance decides. */
  readonly circleSegments?: number;
}

/** The opened file, as the files for web-ifc are made from it. */
export interface OpenedFile {
  readonly bytes: Buffer;
  readonly step: StepFile;
  readonly model: IfcModel;
  readonly options: ShapeOptions;
}

/**
 * The files for web-ifc, in which it finds a local placement in place of those that it does not compute. The lowest level is
 * the whole file; the entities whose circles need more segments are few, so that they are cut out of it.
 */
export function meshedFilesOf({ bytes, step, model, options }: OpenedFile): MeshedFiles {
  let excerpt: StepExcerpt | undefined;
  return {
    bytesOf: (level) => {
      excerpt ??= new StepExcerpt(bytes, step, replacePlacements(model));
      return level === lowestLevel ? excerpt.whole() : excerpt.slice(model.instancesOfLevel(level));
    },
    segmentsOf: (level) => options.circleSegments ?? segmentsOf(level),
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
