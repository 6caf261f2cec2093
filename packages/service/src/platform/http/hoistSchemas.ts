/** A JSON document, or a part of it. */
type Json = string | number | boolean | null | undefined | Json[] | { [name: string]: Json };

/**
 * An OpenAPI document in which each schema that has a title stands once, under `components.schemas`, and is referred to
 * from wherever it was: the document stays readable, and so do the types that are generated from it.
 */
export function hoistSchemas<T>(document: T): T {
  const { components, ...rest } = document as { components: { schemas: Record<string, Json> } };
  const schemas: Record<string, Json> = {};
  const hoist = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(hoist);
    if (typeof value !== "object" || value === null) return value;
    const { title, ...schema } = mapValues(value, hoist);
    if (!isSchema(value) || typeof title !== "string") return { title, ...schema };
    schemas[title] = schema;
    return { $ref: `#/components/schemas/${title}` };
  };
  const hoisted = hoist(rest) as Record<string, Json>;
  return { ...hoisted, components: { ...components, schemas: sorted({ ...components.schemas, ...schemas }) } } as T;
}

/** The information on the service has a title too, and so could the properties of a schema. */
function isSchema(value: Record<string, Json>): boolean {
  return "type" in value || "anyOf" in value;
}

function mapValues(value: Record<string, Json>, map: (value: Json) => Json): Record<string, Json> {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, map(part)]));
}

function sorted<T>(named: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(named).sort(([one], [other]) => (one < other ? -1 : 1)));
}
