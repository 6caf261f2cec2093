import type { IModelDb } from "@itwin/core-backend";
import {
  ECClassModifier,
  EntityClass,
  PrimitiveType,
  RelationshipClass,
  type Property,
} from "@itwin/ecschema-metadata";
import { parseClassName } from "../../imodel/classNames.js";
import { findUnit } from "../../units/findUnit.js";
import type { Unit } from "../../units/Unit.js";
import type { ColumnType } from "../cells/columnTypes.js";
import { listNames } from "../format/SourceErrors.js";
import type { MappingPlace } from "../mapping/MappingPlace.js";

/** A property of a class that there is. */
interface ExistingProperty {
  name: string;
  type: ColumnType | "navigation" | "other";
  /** The unit in which it is kept, if it has one. */
  unit?: Unit;
}

/** One that a column can fill. */
type FillableProperty = ExistingProperty & { type: ColumnType };

/** The properties of a class that there is, by their names in lower case. */
export type ExistingProperties = ReadonlyMap<string, ExistingProperty>;

const types = new Map<PrimitiveType, ColumnType>([
  [PrimitiveType.Integer, "int"],
  [PrimitiveType.Long, "long"],
  [PrimitiveType.Double, "double"],
  [PrimitiveType.Boolean, "boolean"],
  [PrimitiveType.String, "string"],
  [PrimitiveType.DateTime, "dateTime"],
]);

const schemaAdvice = 'Name the file of its schema under "schemaFiles", unless the platform brings it.';

/**
 * Reads a class that the mapping names.
 * @throws ConnectorError for one that is not there, or has no instances
 */
export async function readExistingClass(
  imodel: IModelDb,
  className: string,
  place: MappingPlace,
): Promise<ExistingProperties> {
  const found = await findClass(imodel, className, place);
  if (found.modifier === ECClassModifier.Abstract)
    throw place.wrong(`${className} is abstract, and has no instances`, {
      advice: "Name a class that is derived from it, or a new class with it as baseClass.",
    });
  const properties = [...(await found.getProperties())];
  const described = await Promise.all(properties.map(describe));
  return new Map(described.map((property) => [property.name.toLowerCase(), property]));
}

/**
 * Checks that there can be classes below one that the mapping names.
 * @throws ConnectorError for one that is not there, or is sealed
 */
export async function checkBaseClass(imodel: IModelDb, className: string, place: MappingPlace): Promise<void> {
  const { modifier } = await findClass(imodel, className, place);
  if (modifier !== ECClassModifier.Sealed) return;
  throw place.wrong(`${className} is sealed, and no class can be derived from it`, {
    advice: "Make its instances of the table, as its class, or name one that it is derived from.",
  });
}

/**
 * Checks a class of relationships that the mapping names.
 * @throws ConnectorError for one that is not there
 */
export async function checkRelationshipClass(imodel: IModelDb, className: string, place: MappingPlace): Promise<void> {
  const { schema, name } = parseClassName(className, "");
  if ((await imodel.schemaContext.getSchemaItem(schema, name, RelationshipClass)) !== undefined) return;
  throw place.wrong(`there is no class ${className} of relationships`, { advice: schemaAdvice });
}

async function findClass(imodel: IModelDb, className: string, place: MappingPlace): Promise<EntityClass> {
  const { schema, name } = parseClassName(className, "");
  const found = await imodel.schemaContext.getSchemaItem(schema, name, EntityClass);
  if (found !== undefined) return found;
  throw place.wrong(`there is no class ${className} of elements`, { advice: schemaAdvice });
}

/**
 * Finds a property that a column can fill by its name, in any case.
 * @throws ConnectorError for one that the class does not have
 */
export function findProperty(
  properties: ExistingProperties,
  name: string,
  { className, place }: { className: string; place: MappingPlace },
): FillableProperty {
  const found = properties.get(name.toLowerCase());
  if (found !== undefined && isFillable(found)) return found;
  const known = [...properties.values()].filter(isFillable).map((property) => property.name);
  throw place.wrong(`${className} has no property "${name}" that a column could fill`, {
    advice: `It has: ${listNames(known)}.`,
  });
}

/**
 * Checks a navigation property by its name, in any case.
 * @throws ConnectorError for one that the class does not have
 */
export function checkNavigation(
  properties: ExistingProperties,
  name: string,
  { className, place }: { className: string; place: MappingPlace },
): void {
  if (properties.get(name.toLowerCase())?.type === "navigation") return;
  const known = [...properties.values()].filter(({ type }) => type === "navigation").map((property) => property.name);
  throw place.wrong(`${className} has no navigation property "${name}"`, { advice: `It has: ${listNames(known)}.` });
}

function isFillable(property: ExistingProperty): property is FillableProperty {
  return property.type !== "navigation" && property.type !== "other";
}

async function describe(property: Property): Promise<ExistingProperty> {
  const type = property.isPrimitive() && !property.isArray() ? types.get(property.primitiveType) : undefined;
  const quantity = await property.kindOfQuantity;
  const unit = findUnit((await quantity?.persistenceUnit)?.fullName);
  return { name: property.name, type: type ?? (property.isNavigation() ? "navigation" : "other"), unit };
}
