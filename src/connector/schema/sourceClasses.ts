import type { SourceClass, SourceProperty } from "../../sync/documents/SourceClasses.js";
import type { NavigationDescription, PropertyDescription, SchemaDescription } from "./SchemaDescription.js";

/** The classes of a described schema as those of the source, under the names that the source uses. */
export function sourceClasses({ name, classes, links = [] }: SchemaDescription): SourceClass[] {
  return [
    ...classes.map((item) => ({
      name: `${name}:${item.name}`,
      properties: [...(item.properties ?? []).map(toProperty), ...(item.navigations ?? []).map(toNavigation)],
    })),
    ...links.map((link) => ({ name: `${name}:${link.name}`, properties: (link.properties ?? []).map(toProperty) })),
  ];
}

function toProperty({ name, label = name, type }: PropertyDescription): SourceProperty {
  return { name: label, type };
}

function toNavigation({ name, label = name, target }: NavigationDescription): SourceProperty {
  return { name: label, type: `reference to ${target}` };
}
