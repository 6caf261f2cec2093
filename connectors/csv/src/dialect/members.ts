import type { TextDialect } from "itwin-connector-framework/tables";

/** An object of a JSON file. */
export type Members = Readonly<Record<string, unknown>>;

/** What a file says about a text. */
export interface FileDialect {
  readonly dialect: TextDialect;
  readonly encoding?: string;
  /** The names of the columns, for a text without header. */
  readonly names?: readonly string[];
  /** The columns that identify a row together. */
  readonly key?: readonly string[];
  /** Members that make a difference and are not understood. */
  readonly ignored: readonly string[];
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that is an object; an empty one where it is not. */
export function objectIn(value: unknown): Members {
  return isObject(value) ? value : {};
}

/** The objects in a list; none where it is none. */
export function objectsIn(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts in a list, or the only one; none where it is neither. */
export function textsIn(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === "string");
}

/** The members whose names do. */
export function membersOf(object: Members, isWanted: (name: string) => boolean): Members {
  return Object.fromEntries(Object.entries(object).filter(([name]) => isWanted(name)));
}

/** The same without members that are undefined. */
export function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** A list without repetitions; undefined where it is empty. */
export function uniqueOrNone(texts: readonly string[]): string[] | undefined {
  const found = [...new Set(texts)].filter((text) => text !== "");
  return found.length === 0 ? undefined : found;
}

/** The one text that all agree on; undefined where there is none or several. */
export function onlyOne(texts: readonly unknown[]): string | undefined {
  const found = uniqueOrNone(texts.filter((text) => typeof text === "string"));
  return found?.length === 1 ? found[0] : undefined;
}
