/** A class by its schema and its name. */
export interface ClassKey {
  schema: string;
  name: string;
}

/** Takes `Schema:Class` or `Schema.Class` apart; a name alone is one of the given schema. */
export function parseClassName(className: string, ownSchema: string): ClassKey {
  const [first, second] = className.split(/[:.]/) as [string, string | undefined];
  return second === undefined ? { schema: ownSchema, name: first } : { schema: first, name: second };
}

/** `Schema:Class`, whichever way it was written. */
export function normalizeClassName(className: string, ownSchema = ""): string {
  const { schema, name } = parseClassName(className, ownSchema);
  return `${schema}:${name}`;
}

/** The name with its first letter in upper case. */
export function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The key of a property in the props of an element: its name with the first letter in lower case. */
export function propsKeyOf(propertyName: string): string {
  return propertyName.charAt(0).toLowerCase() + propertyName.slice(1);
}

/** Whether two names are those of one class; the separator and the case make no difference. */
export function isSameClass(left: string, right: string): boolean {
  return normalizeClassName(left).toLowerCase() === normalizeClassName(right).toLowerCase();
}
