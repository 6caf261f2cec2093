import { referencesIn } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";
import type { IfcSchema } from "../editions/IfcSchema.js";

/** Attributes of entities that never lead to other entities. */
const toOthers: ReadonlySet<string> = new Set([
  "OwnerHistory",
  "ObjectPlacement",
  "Representation",
  "RepresentationMaps",
  "HasPropertySets",
  "UnitsInContext",
  "RepresentationContexts",
]);

/** An attribute of an entity that leads to another one. */
export interface AttributeLink {
  readonly target: number;
  /** The type that declares the attribute, and its name: `IfcStructuralAnalysisModel_LoadedBy`. */
  readonly className: string;
}

/** What the attributes of an entity refer to, whether that is an entity or not. */
export function* attributeLinksOf(file: IfcFile, id: number): Generator<AttributeLink> {
  const type = file.typeOf(id);
  const values = file.step.valuesOf(id);
  for (const [index, { name, holds }] of file.schema.attributesOf(type).entries()) {
    if ((holds !== "reference" && holds !== "references") || toOthers.has(name)) continue;
    for (const target of referencesIn(values[index]))
      yield { target, className: `${file.schema.spell(declaringType(file.schema, type, name))}_${name}` };
  }
}

/** The highest supertype that has an attribute, so that all of its subtypes share the class of links. */
function declaringType(schema: IfcSchema, type: string, attribute: string): string {
  const owners = [type, ...schema.supertypesOf(type)].filter((candidate) => schema.indexOf(candidate, attribute) >= 0);
  return owners.at(-1) ?? type;
}
