import type { IModelDb } from "@itwin/core-backend";
import { expectDefined } from "@itwin/core-bentley";
import type {
  EntityClassProps,
  NavigationPropertyProps,
  PropertyProps,
  RelationshipClassProps,
  RelationshipConstraintProps,
  SchemaProps,
} from "@itwin/ecschema-metadata";
import { ConnectorError } from "../../ConnectorError.js";
import { normalizeClassName, parseClassName } from "../../imodel/classNames.js";
import type { DynamicClass, DynamicLink, DynamicNavigation, DynamicQuantity, DynamicSchema } from "./DynamicSchema.js";
import { readQuantities } from "./quantities.js";
import type { PropertyDescription, PropertyType } from "./SchemaDescription.js";

type ItemProps = NonNullable<SchemaProps["items"]>[string];
type Items = Record<string, ItemProps>;
type ReadProperty = (props: PropertyProps & { typeName?: string }) => PropertyDescription;

const dateTimeInfo = "CoreCustomAttributes.DateTimeInfo";

/**
 * Reads a dynamic schema from an iModel.
 * @param owner - what the description of a schema says that the connector made
 * @returns undefined where the iModel has no schema of that name
 * @throws ConnectorError `schema/name-taken` for a schema that the connector has not made
 */
export function readSchema(imodel: IModelDb, name: string, owner: string): DynamicSchema | undefined {
  if (imodel.querySchemaVersion(name) === undefined) return undefined;
  const props = imodel.getSchemaProps(name);
  if (props.description !== owner)
    throw new ConnectorError("schema/name-taken", `The iModel has a schema ${props.name} that is someone else's.`, {
      advice: "Give the schema of the connector another name.",
    });
  const items = props.items ?? {};
  const quantities = readQuantities(props);
  const readProperty = propertyReader(props.name, quantities);
  return {
    name: props.name,
    alias: props.alias,
    minorVersion: Number(props.version.split(".").at(-1)),
    classes: itemsOfType(items, "EntityClass").map(([key, item]) =>
      classOf(key, item as EntityClassProps, { items, readProperty }),
    ),
    links: itemsOfType(items, "RelationshipClass")
      .filter(([, item]) => (item as RelationshipClassProps).baseClass !== undefined)
      .map(([key, item]) => linkOf(key, item as RelationshipClassProps, readProperty)),
    quantities,
  };
}

function itemsOfType(items: Items, type: string): [string, ItemProps][] {
  return Object.entries(items).filter(([, item]) => item.schemaItemType === type);
}

function classOf(
  name: string,
  props: EntityClassProps,
  { items, readProperty }: { items: Items; readProperty: ReadProperty },
): DynamicClass {
  const properties = props.properties ?? [];
  const isNavigation = ({ type }: PropertyProps) => type === "NavigationProperty";
  return {
    name,
    ...textsOf(props),
    baseClass: normalizeClassName(expectDefined(props.baseClass)),
    properties: properties.filter((property) => !isNavigation(property)).map(readProperty),
    navigations: properties
      .filter(isNavigation)
      .map((property) => navigationOf(property as NavigationPropertyProps, items)),
  };
}

function linkOf(name: string, props: RelationshipClassProps, readProperty: ReadProperty): DynamicLink {
  return {
    name,
    ...textsOf(props),
    baseClass: normalizeClassName(expectDefined(props.baseClass)),
    source: firstClassOf(props.source),
    target: firstClassOf(props.target),
    properties: (props.properties ?? []).map(readProperty),
  };
}

/** Every end of a relationship that this framework writes has one class. */
function firstClassOf({ constraintClasses }: RelationshipConstraintProps): string {
  return normalizeClassName(expectDefined(constraintClasses[0]));
}

/** Reads the properties of a schema with their units. */
function propertyReader(schema: string, quantities: readonly DynamicQuantity[]): ReadProperty {
  const units = new Map(quantities.map(({ name, unit }) => [`${schema}.${name}`, unit]));
  return (props) => {
    const type = props.typeName === "dateTime" ? dateTimeTypeOf(props) : (props.typeName as PropertyType);
    const unit = units.get(props.kindOfQuantity ?? "");
    return { name: props.name, ...textsOf(props), type, ...(unit !== undefined && { unit }) };
  };
}

function navigationOf(props: NavigationPropertyProps, items: Items): DynamicNavigation {
  const relationship = parseClassName(props.relationshipName, "").name;
  const { target } = items[relationship] as RelationshipClassProps;
  return {
    name: props.name,
    ...textsOf(props),
    target: firstClassOf(target),
    relationship,
  };
}

function dateTimeTypeOf({ customAttributes = [] }: PropertyProps): PropertyType {
  const info = customAttributes.find(({ className }) => className === dateTimeInfo);
  if (info?.DateTimeComponent === "Date") return "date";
  return info?.DateTimeKind === "Utc" ? "dateTimeUtc" : "dateTime";
}

function textsOf({ label, description }: { label?: string; description?: string }) {
  return { ...(label !== undefined && { label }), ...(description !== undefined && { description }) };
}
