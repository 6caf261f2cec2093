import { withoutKeyword } from "../../connector/schema/ecsqlKeywords.js";
import type { ElementClassDescription } from "../../connector/schema/SchemaDescription.js";
import {
  isFullName,
  type PropertyMappingEntry,
  type RelationshipMapping,
  type TableMapping,
} from "../mapping/Mapping.js";

/** What the iModel has already, under names that stay. */
export interface KnownNames {
  /** The class of the table. */
  known: ElementClassDescription | undefined;
  /** The classes of link-table relationships, in lower case. */
  knownLinks: ReadonlySet<string>;
}

/** A mapping to which new names that are keywords of ECSQL are given with an underscore after them. */
export function escapeKeywords(mapping: TableMapping, { known, knownLinks }: KnownNames): TableMapping {
  const { class: className, properties, relationships } = mapping;
  const isNew = !isFullName(className);
  const names = new Set(
    [...(known?.properties ?? []), ...(known?.navigations ?? [])].map(({ name }) => name.toLowerCase()),
  );
  const escape = (name: string) => (isNew ? nameFor(name, names) : name);
  return {
    ...mapping,
    class: isNew ? (known?.name ?? withoutKeyword(className)) : className,
    ...(properties && { properties: escapeProperties(properties, escape) }),
    ...(relationships && { relationships: relationships.map((to) => escapeRelationship(to, escape, knownLinks)) }),
  };
}

type Properties = NonNullable<TableMapping["properties"]>;

function escapeProperties(properties: Properties, escape: (name: string) => string): Properties {
  const escaped = Object.entries(properties).map(([column, to]) => [column, escapeEntry(to, escape)]);
  return Object.fromEntries(escaped) as Properties;
}

function escapeEntry(to: string | false | PropertyMappingEntry, escape: (name: string) => string) {
  if (typeof to === "string") return escape(to);
  return to === false || to.name === undefined ? to : { ...to, name: escape(to.name) };
}

function escapeRelationship(
  relationship: RelationshipMapping,
  escape: (name: string) => string,
  knownLinks: ReadonlySet<string>,
): RelationshipMapping {
  const { class: className, property } = relationship;
  return {
    ...relationship,
    ...(className !== undefined && { class: isFullName(className) ? className : nameFor(className, knownLinks) }),
    ...(property !== undefined && { property: escape(property) }),
  };
}

function nameFor(name: string, known: ReadonlySet<string>): string {
  return known.has(name.toLowerCase()) ? name : withoutKeyword(name);
}
