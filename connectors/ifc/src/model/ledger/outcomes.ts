import type { IfcSchema } from "../editions/IfcSchema.js";

/** Why instances of a type become nothing in the iModel, though entities refer to them. The nearest supertype decides. */
const leftOut: Readonly<Record<string, string>> = {
  IFCSURFACESTYLELIGHTING: "only the color and the transparency of a surface are supported",
  IFCSURFACESTYLEREFRACTION: "only the color and the transparency of a surface are supported",
  IFCTEXTURECOORDINATE: "of a texture only its name is supported",
  IFCTEXTUREVERTEX: "of a texture only its name is supported",
  IFCTEXTUREVERTEXLIST: "of a texture only its name is supported",
  IFCTEXTSTYLE: "the style of texts is not supported",
  IFCTEXTSTYLEFONTMODEL: "the style of texts is not supported",
  IFCTEXTSTYLEFORDEFINEDFONT: "the style of texts is not supported",
  IFCTEXTSTYLETEXTMODEL: "the style of texts is not supported",
  IFCFILLAREASTYLE: "the style of filled areas is not supported",
  IFCFILLAREASTYLEHATCHING: "the style of filled areas is not supported",
  IFCFILLAREASTYLETILES: "the style of filled areas is not supported",
  IFCLIGHTSOURCE: "lights are not supported",
  IFCCURVESTYLE: "the style of lines is not supported",
  IFCINDEXEDCOLOURMAP: "colors of single faces are not supported",
};

/** What stands between instances that are no entities, such as two materials or two documents: IfcMaterialRelationship. */
const betweenResources = /(?<!^IFC)RELATIONSHIP$/;

/** Whether a reader of the file would miss instances of a type that are not imported. */
export function isMissed(schema: IfcSchema, type: string): boolean {
  const isColor = type === "IFCINDEXEDCOLOURMAP";
  return !schema.has(type) || schema.isA(type, "IFCROOT") || isColor || betweenResources.test(type);
}

/** Why instances of a type become nothing; undefined for a type that is imported. */
export function reasonOf(schema: IfcSchema, type: string): string | undefined {
  if (!schema.has(type)) return `${schema.name} has no entity of this name`;
  const nearest = [type, ...schema.supertypesOf(type)].find((candidate) => leftOut[candidate] !== undefined);
  return nearest === undefined ? undefined : leftOut[nearest];
}
