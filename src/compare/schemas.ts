import type { IModelDb } from "@itwin/core-backend";
import { readSchemas } from "../imodel/schemaVersions.js";
import type { SchemaDifference } from "./result.js";
import { compareBags, type Bag } from "./values.js";

/** Compares the schemas of two iModels by name, version and content. The order within a schema does not count. */
export function compareSchemas(a: IModelDb, b: IModelDb): SchemaDifference[] {
  const versions = { a: readVersions(a), b: readVersions(b) };
  const names = [...new Set([...versions.a.keys(), ...versions.b.keys()])].sort();
  return names.flatMap((name) => {
    const difference = { name, a: versions.a.get(name), b: versions.b.get(name), properties: [] };
    if (difference.a === undefined || difference.b === undefined) return [difference];
    const properties = compareBags(readSchema(a, name), readSchema(b, name));
    return properties.length === 0 ? [] : [{ ...difference, properties }];
  });
}

function readVersions(imodel: IModelDb): Map<string, string> {
  return new Map(readSchemas(imodel).map(({ name, version }) => [name, version]));
}

function readSchema(imodel: IModelDb, name: string): Bag {
  const bag: Bag = new Map();
  flattenSchema(imodel.getSchemaProps(name), "", bag);
  return bag;
}

/** Things with a name, such as properties, are known by it; else the order in an array does not count. */
function flattenSchema(value: unknown, path: string, bag: Bag): void {
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => [memberName(member), member] as const);
    members.sort(([left], [right]) => (left < right ? -1 : 1));
    members.forEach(([name, member], index) =>
      flattenSchema(member, join(path, isNamed(member) ? name : `[${index}]`), bag),
    );
  } else if (typeof value === "object" && value !== null) {
    // The keys of items are a level of their own that tells a reader nothing.
    for (const [key, member] of Object.entries(value))
      flattenSchema(member, key === "items" ? path : join(path, key), bag);
  } else bag.set(path, { key: JSON.stringify(value), shown: value });
}

function isNamed(member: unknown): boolean {
  return typeof member === "object" && member !== null && ("name" in member || "className" in member);
}

function memberName(member: unknown): string {
  const { name, className } = Object(member) as { name?: string; className?: string };
  return name ?? className ?? JSON.stringify(member);
}

function join(path: string, name: string): string {
  return path === "" || name.startsWith("[") ? path + name : `${path}.${name}`;
}
