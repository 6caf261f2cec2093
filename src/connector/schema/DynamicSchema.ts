import { capitalize, normalizeClassName } from "../../imodel/classNames.js";
import { findUnit } from "../../units/findUnit.js";
import type {
  ElementClassDescription,
  LinkClassDescription,
  NavigationDescription,
  PropertyDescription,
  SchemaDescription,
} from "./SchemaDescription.js";

/** A class of elements with nothing left to defaults; other classes as `Schema:Class`. */
export interface DynamicClass extends ElementClassDescription {
  baseClass: string;
  properties: readonly PropertyDescription[];
  navigations: readonly DynamicNavigation[];
}

/** A navigation property with nothing left to defaults. */
export interface DynamicNavigation extends NavigationDescription {
  relationship: string;
}

/** A class of relationships with nothing left to defaults. */
export interface DynamicLink extends LinkClassDescription {
  baseClass: string;
  properties: readonly PropertyDescription[];
}

/** A kind of quantity: the unit of properties, by its full name, such as `Units.MM`. */
export interface DynamicQuantity {
  name: string;
  unit: string;
}

/** A dynamic schema as the iModel has it, or as it shall have it. */
export interface DynamicSchema {
  name: string;
  alias: string;
  /** Grows by one with each addition. */
  minorVersion: number;
  classes: readonly DynamicClass[];
  links: readonly DynamicLink[];
  quantities: readonly DynamicQuantity[];
}

/** A described schema in its first version. */
export function completeDescription({ name, alias = name, classes, links = [] }: SchemaDescription): DynamicSchema {
  return {
    name,
    alias,
    minorVersion: 0,
    classes: classes.map((described) => completeClass(described, name)),
    links: links.map((described) => completeLink(described, name)),
    quantities: [],
  };
}

function completeClass(described: ElementClassDescription, schema: string): DynamicClass {
  const { baseClass = "BisCore:PhysicalElement", properties = [], navigations = [] } = described;
  return {
    ...described,
    baseClass: normalizeClassName(baseClass, schema),
    properties: properties.map(completeProperty),
    navigations: navigations.map((navigation) => ({
      ...navigation,
      target: normalizeClassName(navigation.target, schema),
      relationship: navigation.relationship ?? `${described.name}RefersTo${capitalize(navigation.name)}`,
    })),
  };
}

function completeLink(described: LinkClassDescription, schema: string): DynamicLink {
  const { baseClass = "BisCore:ElementRefersToElements", source, target, properties = [] } = described;
  return {
    ...described,
    baseClass: normalizeClassName(baseClass, schema),
    source: normalizeClassName(source, schema),
    target: normalizeClassName(target, schema),
    properties: properties.map(completeProperty),
  };
}

/** The unit by its full name; which unit the connector's values have is no matter of the schema. */
function completeProperty(described: PropertyDescription): PropertyDescription {
  const { unit } = described;
  if (unit === undefined) return described;
  const property = { ...described, unit: findUnit(unit)?.fullName ?? unit };
  delete property.sourceUnit;
  return property;
}
