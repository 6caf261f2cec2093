import type {
  Differences,
  ElementDescription,
  IModelComparison,
  PropertyDifference,
  RelationshipDescription,
  SchemaDifference,
} from "../compare/result.js";
import type { ReportOptions } from "./outputFlags.js";
import { counted, countText } from "../counted.js";
import { section, type Entry } from "./sections.js";

/** A value that takes more characters is cut, where not all is asked for. */
const valueLength = 60;

/** Prints what differs between two iModels, in sections with totals. */
export function writeComparison(comparison: IModelComparison, options: ReportOptions): void {
  const lines = comparison.isEqual ? [equalLine(comparison)] : differenceLines(comparison, options);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function equalLine({ elementCounts }: IModelComparison): string {
  return `Nothing differs: ${counted(elementCounts.b, "element")} on each side.`;
}

function differenceLines(comparison: IModelComparison, options: ReportOptions): string[] {
  const { iModel, schemas, elements, relationships } = comparison;
  return [
    ...section(
      "iModel",
      iModel.map((found) => ({ line: propertyLine(found, options), details: [] })),
      options,
    ),
    ...section(
      "schemas",
      schemas.map((schema) => schemaEntry(schema, options)),
      options,
    ),
    ...sections("elements", elements, elementLine, options),
    ...sections("relationships", relationships, relationshipLine, options),
    totals(comparison),
  ];
}

function sections<D, C extends D & { properties: PropertyDifference[] }>(
  what: string,
  { onlyInA, onlyInB, changed }: Differences<D, C>,
  lineOf: (thing: D) => string,
  options: ReportOptions,
): string[] {
  const bare = (things: D[]) => things.map((thing) => ({ line: lineOf(thing), details: [] }));
  const withProperties = changed.map((thing) => ({
    line: lineOf(thing),
    details: thing.properties.map((found) => propertyLine(found, options)),
  }));
  return [
    ...section(`${what} only in A`, bare(onlyInA), options),
    ...section(`${what} only in B`, bare(onlyInB), options),
    ...section(`${what} changed`, withProperties, options),
  ];
}

function elementLine({ label, className }: ElementDescription): string {
  return `${label} (${className})`;
}

function relationshipLine({ className, source, target }: RelationshipDescription): string {
  return `${className}: ${source} -> ${target}`;
}

function schemaEntry({ name, a, b, properties }: SchemaDifference, options: ReportOptions): Entry {
  const versions = a === b && a !== undefined ? a : `${a ?? "none"} -> ${b ?? "none"}`;
  return {
    line: `${name} ${versions}`,
    details: properties.map((found) => propertyLine(found, options)),
  };
}

/** A property with its values on both sides. */
export function propertyLine({ property, a, b }: PropertyDifference, options: ReportOptions): string {
  return `${property}: ${valueText(a, options)} -> ${valueText(b, options)}`;
}

function valueText(value: unknown, { verbose }: ReportOptions): string {
  const text = value === undefined ? "none" : JSON.stringify(value);
  return verbose || text.length <= valueLength ? text : `${text.slice(0, valueLength - 1)}…`;
}

function totals({ elementCounts, iModel, schemas, elements, relationships }: IModelComparison): string {
  const parts = [
    ...(iModel.length > 0 ? [`${counted(iModel.length, "property", "properties")} of the iModel`] : []),
    ...(schemas.length > 0 ? [counted(schemas.length, "schema")] : []),
    `elements: ${counts(elements)}`,
    `relationships: ${counts(relationships)}`,
  ];
  const sizes = `A has ${counted(elementCounts.a, "element")}, B ${countText(elementCounts.b)}.`;
  return `They differ. ${parts.join("; ")}. ${sizes}`;
}

function counts({ onlyInA, onlyInB, changed }: Differences<unknown, unknown>): string {
  const [a, b, both] = [onlyInA, onlyInB, changed].map(({ length }) => countText(length));
  return `${a} only in A, ${b} only in B, ${both} changed`;
}
