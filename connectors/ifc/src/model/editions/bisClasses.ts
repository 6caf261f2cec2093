/** What knows the supertypes of a type: the schema of a file, or that of all editions. */
export interface TypeHierarchy {
  /** From the nearest to the farthest, all in upper case. */
  supertypesOf(type: string): ReadonlySet<string>;
}

/** What sort of element stands for the entities of a type. */
export type BisKind = "physical" | "spatial" | "group" | "record" | "physicalType" | "spatialType";

/** The base class of each sort in the domain of BIS. */
export const baseClasses: Readonly<Record<BisKind, string>> = {
  physical: "BisCore:PhysicalElement",
  spatial: "BisCore:SpatialLocationElement",
  group: "BisCore:GroupInformationElement",
  record: "BisCore:InformationRecordElement",
  physicalType: "BisCore:PhysicalType",
  spatialType: "BisCore:SpatialLocationType",
};

/**
 * The nearest of these types decides. What cannot be touched has no mass and is a location: spaces, and the openings that
 * cut holes into walls.
 */
const kindsOfTypes: Readonly<Record<string, BisKind>> = {
  IFCELEMENT: "physical",
  IFCPROXY: "physical",
  IFCFEATUREELEMENTSUBTRACTION: "spatial",
  IFCVIRTUALELEMENT: "spatial",
  IFCPRODUCT: "spatial",
  IFCPROJECT: "spatial",
  IFCGROUP: "group",
  IFCTYPEOBJECT: "physicalType",
  IFCTYPEPROCESS: "record",
  IFCTYPERESOURCE: "record",
  IFCSPATIALELEMENTTYPE: "spatialType",
  IFCSPATIALSTRUCTUREELEMENTTYPE: "spatialType",
  IFCOBJECTDEFINITION: "record",
};

/** These are of several sorts, so that no class can stand for them. */
const ofSeveralSorts = new Set(["IFCROOT", "IFCOBJECTDEFINITION", "IFCOBJECT", "IFCPRODUCT", "IFCCONTEXT", "IFCTYPEOBJECT", "IFCTYPEPRODUCT"]); // prettier-ignore

/** The sort of element that stands for entities of a type, given in upper case; undefined for one that is no object. */
export function bisKindOf(schema: TypeHierarchy, type: string): BisKind | undefined {
  const nearest = [type, ...schema.supertypesOf(type)].find((candidate) => kindsOfTypes[candidate] !== undefined);
  return nearest === undefined ? undefined : kindsOfTypes[nearest];
}

/** A type with its supertypes that have a class of the same sort, from the highest one down to itself. */
export function classChainOf(schema: TypeHierarchy, type: string): string[] {
  const kind = bisKindOf(schema, type);
  const chain = [type];
  for (const supertype of schema.supertypesOf(type)) {
    if (ofSeveralSorts.has(supertype) || bisKindOf(schema, supertype) !== kind) break;
    chain.unshift(supertype);
  }
  return chain;
}
