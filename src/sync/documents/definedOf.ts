/** The members of an object that have a value. An update would clear the others, and JSON does not have them. */
export function definedOf<T extends object>(props: T): T {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as T;
}
