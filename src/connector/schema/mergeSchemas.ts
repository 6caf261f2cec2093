import { ConnectorError } from "../../ConnectorError.js";
import type { DynamicClass, DynamicLink, DynamicSchema } from "./DynamicSchema.js";
import { completeQuantities } from "./quantities.js";
import { settleUnits } from "./settleUnits.js";

/**
 * The first or next version of a schema: all that the iModel has, and all that is described beside it. What has a unit keeps it.
 * @returns the known schema itself where it has all of it already
 * @throws ConnectorError `schema/incompatible` where what is described contradicts what the iModel has
 */
export function mergeSchemas(known: DynamicSchema | undefined, described: DynamicSchema): DynamicSchema {
  if (known === undefined) return withUnits(described, undefined);
  const merged = withUnits(
    {
      ...known,
      classes: mergeNamed(known.classes, described.classes, (left, right) => mergeClass(left, right, known.name)),
      links: mergeNamed(known.links, described.links, (left, right) => mergeLink(left, right, known.name)),
    },
    known,
  );
  return isSame(merged, known) ? known : { ...merged, minorVersion: known.minorVersion + 1 };
}

/** A schema with the units that its properties can have, and a kind of quantity for each. */
function withUnits(schema: DynamicSchema, known: DynamicSchema | undefined): DynamicSchema {
  const settled = settleUnits(schema, known);
  return { ...settled, quantities: completeQuantities(settled) };
}

function mergeClass(known: DynamicClass, described: DynamicClass, schema: string): DynamicClass {
  const where = `${schema}:${known.name}`;
  refuseChange(where, "base class", known.baseClass, described.baseClass);
  return {
    ...withTexts(known, described),
    properties: mergeProperties(known, described, where),
    navigations: mergeNamed(known.navigations, described.navigations, (left, right) => {
      refuseChange(`${where}.${left.name}`, "target", left.target, right.target);
      return withTexts(left, right);
    }),
  };
}

function mergeLink(known: DynamicLink, described: DynamicLink, schema: string): DynamicLink {
  const where = `${schema}:${known.name}`;
  for (const part of ["baseClass", "source", "target"] as const)
    refuseChange(where, part === "baseClass" ? "base class" : part, known[part], described[part]);
  return { ...withTexts(known, described), properties: mergeProperties(known, described, where) };
}

type WithProperties = Pick<DynamicClass, "properties">;

function mergeProperties(known: WithProperties, described: WithProperties, where: string) {
  return mergeNamed(known.properties, described.properties, (left, right) => {
    refuseChange(`${where}.${left.name}`, "type", left.type, right.type);
    const unit = left.unit ?? right.unit;
    return { ...withTexts(left, right), ...(unit !== undefined && { unit }) };
  });
}

/** EC names are the same in any case of their letters; the known spelling stays. */
function mergeNamed<T extends { name: string }>(
  known: readonly T[],
  described: readonly T[],
  merge: (known: T, described: T) => T,
): T[] {
  const merged = new Map(known.map((item) => [item.name.toLowerCase(), item]));
  for (const item of described) {
    const key = item.name.toLowerCase();
    const same = merged.get(key);
    merged.set(key, same === undefined ? item : merge(same, item));
  }
  return [...merged.values()];
}

/** Labels and descriptions can change at any time. */
function withTexts<T extends { label?: string; description?: string }>(known: T, described: T): T {
  const { label = known.label, description = known.description } = described;
  return { ...known, label, description };
}

function refuseChange(where: string, what: string, known: string, described: string): void {
  if (known.toLowerCase() === described.toLowerCase()) return;
  throw new ConnectorError(
    "schema/incompatible",
    `The ${what} of ${where} is ${known} in the iModel and ${described} in the source.`,
    { advice: "Give it another name: what a schema has cannot change, only grow." },
  );
}

function isSame(left: DynamicSchema, right: DynamicSchema): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
