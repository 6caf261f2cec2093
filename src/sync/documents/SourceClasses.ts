import type { Id64String } from "@itwin/core-bentley";

/**
 * What may change about the classes of a source: everything (`evolve`), nothing (`freeze`: a change ends the run), or
 * everything, with an issue for each change (`report`).
 * @public
 */
export type SchemaContract = "evolve" | "freeze" | "report";

/** The contracts that there are. */
export const schemaContracts: readonly SchemaContract[] = ["evolve", "freeze", "report"];

/**
 * A property of a class of the source.
 * @public
 */
export interface SourceProperty {
  /** Its name in the source: the header of a column. */
  name: string;
  /** The type of its values, in any words. Absent where it cannot be told: it is taken to be as it was. */
  type?: string;
}

/**
 * A class of the source, such as a table.
 * @public
 */
export interface SourceClass {
  /** Its name in the source. */
  name: string;
  /** Its properties. Absent where they cannot be told, as for a table without rows: they are taken to be as they were. */
  properties?: readonly SourceProperty[];
}

/** What a person calls the properties of a source. */
type PropertyNoun = "property" | "column";

/**
 * The classes that were found in a document.
 * @public
 */
export interface FoundClasses {
  /** All of them. */
  classes: readonly SourceClass[];
  /** What users call their properties. Default: `property`. */
  noun?: "property" | "column";
  /**
   * Whether a class without entities cannot be found, as in JSON, where nothing tells an empty list from one that is no
   * table. A missing class is no change then. Default: false.
   */
  omitsEmpty?: boolean;
  /** The RepositoryLink of the document. Default: the document that was recorded last. */
  document?: Id64String;
}

/**
 * What changed about the classes of a source, one sentence for each change.
 * @param known - as the last run found them
 */
export function describeClassChanges(
  known: readonly SourceClass[],
  { classes: found, noun = "property", omitsEmpty = false }: FoundClasses,
): string[] {
  const before = byName(known);
  return [
    ...found.flatMap(({ name, properties }) => {
      const earlier = before.get(name);
      if (earlier === undefined) return [`${name} is new`];
      return describePropertyChanges(name, [earlier.properties ?? [], properties ?? earlier.properties ?? []], noun);
    }),
    ...(omitsEmpty ? [] : findMissing(known, found).map(({ name }) => `${name} is missing`)),
  ];
}

/** The classes as the next run is to find them: what cannot be told now stays as it was. */
export function mergeClasses(
  known: readonly SourceClass[],
  { classes: found, omitsEmpty = false }: FoundClasses,
): SourceClass[] {
  const before = byName(known);
  const merged = found.map(({ name, properties }) => {
    const earlier = before.get(name)?.properties;
    return { name, properties: properties === undefined ? earlier : mergeProperties(earlier ?? [], properties) };
  });
  return omitsEmpty ? [...merged, ...findMissing(known, found)] : merged;
}

function mergeProperties(known: readonly SourceProperty[], found: readonly SourceProperty[]): SourceProperty[] {
  const before = byName(known);
  return found.map(({ name, type = before.get(name)?.type }) => (type === undefined ? { name } : { name, type }));
}

function describePropertyChanges(
  className: string,
  [known, found]: readonly [readonly SourceProperty[], readonly SourceProperty[]],
  noun: PropertyNoun,
): string[] {
  const before = byName(known);
  return [
    ...found.flatMap(({ name, type }) => {
      const earlier = before.get(name);
      if (earlier === undefined) return [`${className} has a new ${noun} "${name}"${type ? ` (${type})` : ""}`];
      if ([undefined, earlier.type].includes(type) || earlier.type === undefined) return [];
      return [`${className} has the ${noun} "${name}" as ${type} instead of ${earlier.type}`];
    }),
    ...findMissing(known, found).map(({ name }) => `${className} lacks the ${noun} "${name}"`),
  ];
}

function findMissing<T extends { name: string }>(known: readonly T[], found: readonly T[]): T[] {
  const after = byName(found);
  return known.filter(({ name }) => !after.has(name));
}

function byName<T extends { name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
