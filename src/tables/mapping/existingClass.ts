import type { IModelDb } from "@itwin/core-backend";
import { ECClassModifier, EntityClass, PrimitiveType, type Property } from "@itwin/ecschema-metadata";
import { parseClassName } from "../../connector/schema/classNames.js";
import type { ColumnType } from "../columnTypes.js";
import { listNames, type SourceErrors } from "../SourceErrors.js";

/** The properties of a class that there is, by their names in lower case. */
export type ExistingProperties = ReadonlyMap<string, { name: string; type: ColumnType | "other" }>;

const types = new Map<PrimitiveType, ColumnType>([
  [PrimitiveType.Integer, "int"],
  [PrimitiveType.Long, "long"],
  [PrimitiveType.Double, "double"],
  [PrimitiveType.Boolean, "boolean"],
  [PrimitiveType.String, "string"],
  [PrimitiveType.DateTime, "dateTime"],
]);

/**
 * Reads a class that the mapping names.
 * @throws ConnectorError `<code>/unknown-class`, `<code>/abstract-class`
 */
export async function readExistingClass(
  imodel: IModelDb,
  className: string,
  errors: SourceErrors,
): Promise<ExistingProperties> {
  const found = await findClass(imodel, className, errors);
  if (found.modifier === ECClassModifier.Abstract)
    throw errors.make("abstract-class", `${className} is abstract: there are no instances of it.`, {
      advice: "Name a class that is derived from it, or a new class with it as baseClass.",
    });
  const properties = [...(await found.getProperties())];
  return new Map(properties.map((property) => [property.name.toLowerCase(), describe(property)]));
}

/**
 * Checks that there can be classes below one that the mapping names.
 * @throws ConnectorError `<code>/unknown-class`, `<code>/sealed-class`
 */
export async function checkBaseClass(imodel: IModelDb, className: string, errors: SourceErrors): Promise<void> {
  const { modifier } = await findClass(imodel, className, errors);
  if (modifier !== ECClassModifier.Sealed) return;
  throw errors.make("sealed-class", `${className} is sealed: no class can be derived from it.`, {
    advice: "Make its instances of the table, as its class, or name one that it is derived from.",
  });
}

async function findClass(imodel: IModelDb, className: string, errors: SourceErrors): Promise<EntityClass> {
  const { schema, name } = parseClassName(className, "");
  const found = await imodel.schemaContext.getSchemaItem(schema, name, EntityClass);
  if (found !== undefined) return found;
  throw errors.make("unknown-class", `There is no class ${className}, which the mapping names.`, {
    advice: 'Name the file of its schema under "schemaFiles", unless the platform brings it.',
  });
}

/**
 * Finds a property by its name, in any case.
 * @throws ConnectorError `<code>/unknown-property`
 */
export function findProperty(
  properties: ExistingProperties,
  name: string,
  { className, errors }: { className: string; errors: SourceErrors },
): { name: string; type: ColumnType } {
  const found = properties.get(name.toLowerCase());
  if (found !== undefined && found.type !== "other") return { name: found.name, type: found.type };
  const known = [...properties.values()].filter(({ type }) => type !== "other").map((property) => property.name);
  throw errors.make("unknown-property", `${className} has no property "${name}" that a column could fill.`, {
    advice: `It has: ${listNames(known)}.`,
  });
}

function describe(property: Property): { name: string; type: ColumnType | "other" } {
  const type = property.isPrimitive() && !property.isArray() ? types.get(property.primitiveType) : undefined;
  return { name: property.name, type: type ?? "other" };
}
