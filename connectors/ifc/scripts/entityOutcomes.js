// What becomes of instances of the entities of IFC, in words, from the tables of the connector.
import { baseClasses, bisKindOf } from "../lib/model/editions/bisClasses.js";
import { reasonOf } from "../lib/model/ledger/outcomes.js";
import { endsOf, isBetweenEntities } from "../lib/model/links/relationshipEnds.js";

/** What becomes of instances that are no entities of their own. The nearest supertype decides. */
const outcomes = {
  IFCPROPERTYDEFINITION: "an aspect of the entities that have it",
  IFCPROPERTYSETDEFINITION: "an aspect of the entities that have it",
  IFCPROPERTYTEMPLATEDEFINITION: "the descriptions of a class and its properties",
  IFCPROPERTYSETTEMPLATE: "the descriptions of a class and its properties",
  IFCPROPERTYTEMPLATE: "the descriptions of a class and its properties",
  IFCPROPERTYABSTRACTION: "properties of an aspect",
  IFCPROPERTY: "properties of an aspect",
  IFCPHYSICALQUANTITY: "properties of an aspect",
  IFCPROPERTYENUMERATION: "properties of an aspect",
  IFCEXTENDEDPROPERTIES: "an aspect of the entities that are made of the material or profile",
  IFCMATERIALPROPERTIES: "an aspect of the entities that are made of the material or profile",
  IFCPROFILEPROPERTIES: "an aspect of the entities that are made of the material or profile",
  IFCREPRESENTATIONITEM: "geometry, or the place of it",
  IFCREPRESENTATION: "geometry, or the place of it",
  IFCPRODUCTREPRESENTATION: "geometry, or the place of it",
  IFCREPRESENTATIONMAP: "geometry, or the place of it",
  IFCREPRESENTATIONCONTEXT: "geometry, or the place of it",
  IFCPROFILEDEF: "geometry, or the place of it",
  IFCOBJECTPLACEMENT: "geometry, or the place of it",
  IFCVIRTUALGRIDINTERSECTION: "geometry, or the place of it",
  IFCSTYLEDITEM: "the color of geometry",
  IFCSTYLEDREPRESENTATION: "the color of geometry",
  IFCPRESENTATIONITEM: "the color of geometry",
  IFCPRESENTATIONSTYLE: "the color of geometry",
  IFCPRESENTATIONSTYLEASSIGNMENT: "the color of geometry",
  IFCMATERIALDEFINITIONREPRESENTATION: "the color of geometry",
  IFCNAMEDUNIT: "the unit of values",
  IFCDERIVEDUNIT: "the unit of values",
  IFCDERIVEDUNITELEMENT: "the unit of values",
  IFCMONETARYUNIT: "the unit of values",
  IFCUNITASSIGNMENT: "the unit of values",
  IFCMEASUREWITHUNIT: "the unit of values",
  IFCDIMENSIONALEXPONENTS: "the unit of values",
  IFCCOORDINATEOPERATION: "the place of the file on the Earth",
  IFCCOORDINATEREFERENCESYSTEM: "the place of the file on the Earth",
  IFCOWNERHISTORY: "nothing: it says who wrote the file when",
  IFCAPPLICATION: "nothing: it says who wrote the file when",
};

/** What becomes of instances of a type, in words, as docs list it. */
export function outcomeOf(schema, type) {
  const reason = reasonOf(schema, type);
  if (reason !== undefined) return `nothing: ${reason}`;
  const kind = bisKindOf(schema, type);
  if (kind !== undefined) return `a \`${baseClasses[kind]}\``;
  if (schema.isA(type, "IFCRELATIONSHIP")) return outcomeOfRelationship(schema, type);
  const nearest = [type, ...schema.supertypesOf(type)].find((candidate) => outcomes[candidate] !== undefined);
  return (nearest && outcomes[nearest]) ?? "an aspect of the entity that refers to it, or values of one";
}

function outcomeOfRelationship(schema, type) {
  if (type === "IFCRELAGGREGATES" || type === "IFCRELNESTS") return "parent and child; or a link from whole to part";
  if (type === "IFCRELDEFINESBYTYPE") return "the type of an element; or a link to it";
  if (!isBetweenEntities(schema, type)) return "an aspect of the entities that have what it leads to";
  const ends = endsOf(schema, type);
  return ends === undefined ? "nothing: it is abstract" : `a link from ${ends.from} to ${ends.to}`;
}
