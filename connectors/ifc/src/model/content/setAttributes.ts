import type { IfcSchema } from "../editions/IfcSchema.js";

/** Attributes that are sets, of a type and its subtypes: their order means nothing, and programs write it as it comes. */
const sets: readonly (readonly [type: string, attribute: string])[] = [
  ["IFCPROPERTYSET", "HasProperties"],
  ["IFCELEMENTQUANTITY", "Quantities"],
  ["IFCCOMPLEXPROPERTY", "HasProperties"],
  ["IFCPHYSICALCOMPLEXQUANTITY", "HasQuantities"],
  ["IFCTYPEOBJECT", "HasPropertySets"],
  ["IFCPROJECT", "RepresentationContexts"],
  ["IFCREPRESENTATION", "Items"],
  ["IFCCONNECTEDFACESET", "CfsFaces"],
  ["IFCFACE", "Bounds"],
  ["IFCSHELLBASEDSURFACEMODEL", "SbsmBoundary"],
  ["IFCFACEBASEDSURFACEMODEL", "FbsmFaces"],
  ["IFCMANIFOLDSOLIDBREP", "Voids"],
  ["IFCARBITRARYPROFILEDEFWITHVOIDS", "InnerCurves"],
  ["IFCCOMPOSITEPROFILEDEF", "Profiles"],
  ["IFCGEOMETRICSET", "Elements"],
  ["IFCUNITASSIGNMENT", "Units"],
  ["IFCDERIVEDUNIT", "Elements"],
  ["IFCSTYLEDITEM", "Styles"],
  ["IFCPRESENTATIONSTYLEASSIGNMENT", "Styles"],
  ["IFCSURFACESTYLE", "Styles"],
  ["IFCFILLAREASTYLE", "FillStyles"],
  ["IFCMATERIALLIST", "Materials"],
  ["IFCMATERIALCONSTITUENTSET", "MaterialConstituents"],
  ["IFCMATERIALPROPERTIES", "Properties"],
  ["IFCEXTENDEDMATERIALPROPERTIES", "ExtendedProperties"],
  ["IFCPROFILEPROPERTIES", "Properties"],
  ["IFCDOCUMENTINFORMATION", "Editors"],
];

/** The attribute of a type that is a set, so that the order of its members means nothing; undefined for a type without one. */
export function setAttributeOf(schema: IfcSchema, type: string): string | undefined {
  return sets.find(([owner, attribute]) => schema.isA(type, owner) && schema.indexOf(type, attribute) >= 0)?.[1];
}
