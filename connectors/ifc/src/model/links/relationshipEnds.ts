import type { IfcAttribute, IfcSchema } from "../editions/IfcSchema.js";

/** The attributes of the two sides of a relationship, from the side where the link begins. */
export interface RelationshipEnds {
  readonly from: string;
  readonly to: string;
}

/** IfcRelationship and those of its subtypes that the schema declares as abstract. */
const abstractTypes: ReadonlySet<string> = new Set([
  "IFCROOT",
  "IFCRELATIONSHIP",
  "IFCRELASSIGNS",
  "IFCRELASSOCIATES",
  "IFCRELCONNECTS",
  "IFCRELDECOMPOSES",
  "IFCRELDEFINES",
]);

/** Links that lead from the part to the whole: from the element to the structure, from the opening to the element. */
const fromRelated: ReadonlySet<string> = new Set([
  "IFCRELCONTAINEDINSPATIALSTRUCTURE",
  "IFCRELREFERENCEDINSPATIALSTRUCTURE",
  "IFCRELVOIDSELEMENT",
  "IFCRELFILLSELEMENT",
  "IFCRELDEFINESBYTYPE",
]);

/** Relationships whose sides the names of their attributes do not tell. */
const special: Readonly<Record<string, RelationshipEnds>> = {
  IFCRELCOVERSSPACES: { from: "RelatedSpace", to: "RelatedCoverings" }, // in IFC2X3; RelatingSpace from IFC4 on
};

/** Relationships to what is no entity: property sets, their templates, and resources. */
const toOthers = ["IFCRELASSOCIATES", "IFCRELDEFINESBYPROPERTIES", "IFCRELDEFINESBYTEMPLATE"] as const;

/** Whether relationships of a type lead from entities to entities. */
export function isBetweenEntities(schema: IfcSchema, type: string): boolean {
  return schema.isA(type, "IFCRELATIONSHIP") && !toOthers.some((other) => schema.isA(type, other));
}

/** Whether two relationships of a type between the same entities are two things, such as two parts of a wall at a space. */
export function countsEach(schema: IfcSchema, type: string): boolean {
  return schema.isA(type, "IFCRELCONNECTS") && !fromRelated.has(type);
}

/** A type of relationships with its supertypes that can have instances, from the highest one down to itself. */
export function linkChainOf(schema: IfcSchema, type: string): string[] {
  const chain = [type, ...schema.supertypesOf(type)];
  return chain.filter((candidate) => !abstractTypes.has(candidate)).reverse();
}

/**
 * The two sides of the relationships of a type: as a rule from the relating one to the related ones.
 * @returns undefined for a type whose attributes have no such names
 */
export function endsOf(schema: IfcSchema, type: string): RelationshipEnds | undefined {
  const attributes = schema
    .attributesOf(type)
    .filter(refers)
    .map(({ name }) => name);
  const own = special[type];
  if (own !== undefined && attributes.includes(own.from)) return own;
  const relating = attributes.find((name) => name.startsWith("Relating"));
  const related = attributes.find((name) => name.startsWith("Related"));
  if (relating === undefined || related === undefined) return undefined;
  return fromRelated.has(type) ? { from: related, to: relating } : { from: relating, to: related };
}

function refers({ holds }: IfcAttribute): boolean {
  return holds === "reference" || holds === "references";
}
