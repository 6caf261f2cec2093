import { StepEnum, StepReference, StepTyped, type StepValue } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";

/** Instances within each other deeper than this go in a circle. */
const deepest = 100;

/**
 * An instance as ISO 10303-21 writes it, with the instances that it refers to in place of their numbers:
 * `IFCPLANE(IFCAXIS2PLACEMENT3D(IFCCARTESIANPOINT((0,0,0)),$,$))`.
 */
export function inlineText(file: IfcFile, id: number, depth = 0): string {
  const type = file.typeOf(id);
  if (type === "" || depth > deepest) return "$";
  if (file.isA(id, "IFCROOT")) return `'${file.text(id, "GlobalId") ?? ""}'`;
  return `${type}(${file.step
    .valuesOf(id)
    .map((value) => textOf(value, (reference) => inlineText(file, reference, depth + 1)))
    .join()})`;
}

function textOf(value: StepValue, refer: (id: number) => string): string {
  if (value === null) return "$";
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === "number") return String(value);
  if (value instanceof StepReference) return refer(value.id);
  if (value instanceof StepEnum) return `.${value.name}.`;
  if (value instanceof StepTyped) return `${value.type}(${textOf(value.value, refer)})`;
  return `(${value.map((item) => textOf(item, refer)).join()})`;
}
