import { ConnectorError } from "../../ConnectorError.js";
import { refuseMisspelt } from "../../sync/values/misspelt.js";
import { isRecord } from "../../sync/values/shapes.js";
import { describeValue } from "../../sync/values/ValueFault.js";
import type {
  ElementClassDescription,
  LinkClassDescription,
  NavigationDescription,
  PropertyDescription,
  SchemaDescription,
  SchemaFile,
} from "./SchemaDescription.js";

/** Throws if a value at some place is not what it must be. */
type Check = (value: unknown, path: string) => void;

/** The members of a description, none left out. */
type Members<T> = Record<keyof T, Check>;

const text: Check = (value, path) => {
  if (typeof value !== "string") throw invalid(path, value, "a text");
};

const property: Check = object<PropertyDescription>({
  name: text,
  type: text,
  label: optional(text),
  description: optional(text),
  unit: optional(text),
  sourceUnit: optional(text),
});

const navigation: Check = object<NavigationDescription>({
  name: text,
  target: text,
  relationship: optional(text),
  label: optional(text),
});

const elementClass: Check = object<ElementClassDescription>({
  name: text,
  baseClass: optional(text),
  label: optional(text),
  description: optional(text),
  properties: optional(listOf(property)),
  navigations: optional(listOf(navigation)),
});

const linkClass: Check = object<LinkClassDescription>({
  name: text,
  baseClass: optional(text),
  source: text,
  target: text,
  label: optional(text),
  properties: optional(listOf(property)),
});

const description: Check = object<SchemaDescription>({
  name: text,
  alias: optional(text),
  classes: listOf(elementClass),
  links: optional(listOf(linkClass)),
});

const file: Check = object<SchemaFile>({ file: text });

/**
 * Checks that the schemas of a connector are descriptions and files with all their members, since connectors in JavaScript
 * can give anything. Whether names and classes exist or are allowed is left to `checkDescription`.
 * @throws ConnectorError `schema/invalid-description`, `schema/invalid-name`, `schema/invalid-type`, `schema/unknown-member`
 */
export function checkSchemas(schemas: unknown): void {
  listOf((schema, path) => (isRecord(schema) && "file" in schema ? file : description)(schema, path))(
    schemas,
    "getSchemas()",
  );
}

function optional(check: Check): Check {
  return (value, path) => {
    if (value !== undefined) check(value, path);
  };
}

/** What has a name goes by it in messages. */
function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalid(path, value, "an array");
    for (const [index, member] of (value as unknown[]).entries()) {
      const name: unknown = isRecord(member) ? member.name : undefined;
      check(member, typeof name === "string" && name !== "" ? `${path}.${name}` : `${path}[${index}]`);
    }
  };
}

function object<T>(members: Members<T>): Check {
  const known = Object.entries<Check>(members);
  const names = Object.keys(members);
  return (value, path) => {
    if (!isRecord(value)) throw invalid(path, value, `an object with ${names.join(", ")}`);
    refuseMisspelt(value, names, { name: path }, "schema/unknown-member");
    for (const [key, check] of known) check(value[key], `${path}.${key}`);
  };
}

/** Faults of names and types have codes of their own. */
function invalid(path: string, value: unknown, expected: string): ConnectorError {
  const [, member = ""] = /\.(name|type)$/.exec(path) ?? [];
  const code = `schema/invalid-${member || "description"}`;
  return new ConnectorError(code, `${path} is ${describeValue(value)}, but must be ${expected}.`, {
    advice: "Describe schemas, classes and properties as SchemaDescription says.",
  });
}
