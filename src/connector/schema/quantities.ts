import { expectDefined } from "@itwin/core-bentley";
import type { KindOfQuantityProps, SchemaProps } from "@itwin/ecschema-metadata";
import { findUnit } from "../../units/findUnit.js";
import type { Unit } from "../../units/Unit.js";
import type { DynamicQuantity, DynamicSchema } from "./DynamicSchema.js";
import { escapeXml } from "./escapeXml.js";

/** The platform's schemas to which a schema with units refers. */
export const unitSchemas = ["Units", "Formats"] as const;

/** Decimals of the format that the platform has for numbers of any kind. */
const usualPrecision = 6;
/** Decimals of a length in metres: a tenth of a millimetre. */
const metrePrecision = 4;
/** Decimals of values that are much smaller than 1 as a rule. */
const finePrecision = 12;
/** Quantities with such values in the base units of SI. */
const fineQuantities: ReadonlySet<string> = new Set([
  "AREA_MOMENT_INERTIA", "TORSIONAL_WARPING_CONSTANT", "LINEAR_COEFFICIENT_OF_THERMAL_EXPANSION",
  "DYNAMIC_VISCOSITY", "KINEMATIC_VISCOSITY",
]); // prettier-ignore

/** The share of a value by which it may be wrong. */
const relativeError = 0.0001;

/** A unit by its full name, which the schema Units has. */
export function unitNamed(fullName: string): Unit {
  return expectDefined(findUnit(fullName));
}

/** The kinds of quantity in a schema of an iModel. */
export function readQuantities({ items = {} }: Pick<SchemaProps, "items">): DynamicQuantity[] {
  return Object.entries(items).flatMap(([name, item]) => {
    if (item.schemaItemType !== "KindOfQuantity") return [];
    const unit = (item as KindOfQuantityProps).persistenceUnit;
    return unit.startsWith("Units.") ? [{ name, unit }] : [];
  });
}

/** The kinds of quantity that a schema has, and one more for each unit of its properties that has none yet. */
export function completeQuantities({ classes, links, quantities }: DynamicSchema): DynamicQuantity[] {
  const all = [...quantities];
  const relationships = classes.flatMap(({ navigations }) => navigations.map(({ relationship }) => relationship));
  const names = [...classes, ...links, ...quantities].map(({ name }) => name);
  const taken = new Set([...names, ...relationships].map((name) => name.toLowerCase()));
  for (const { properties } of [...classes, ...links])
    for (const { unit } of properties)
      if (unit !== undefined && !all.some((quantity) => quantity.unit === unit))
        all.push({ name: freeName(unitNamed(unit), taken), unit });
  return all;
}

/** Classes and kinds of quantity have no name in common; a source has hardly a class of such a name. */
function freeName({ name, phenomenon }: Unit, taken: Set<string>): string {
  const base = name.startsWith(`${phenomenon}_`) ? `KOQ_${name}` : `KOQ_${phenomenon}_${name}`;
  let free = base;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${base}_${number}`;
  taken.add(free.toLowerCase());
  return free;
}

/**
 * A kind of quantity as ECSchema XML. Its values are shown in the unit in which they are kept.
 * @param aliases - of the schemas Units and Formats
 */
export function quantityXml({ name, unit: unitName }: DynamicQuantity, aliases: ReadonlyMap<string, string>): string {
  const [units, formats] = unitSchemas.map((schema) => expectDefined(aliases.get(schema)));
  const unit = unitNamed(unitName);
  const label = unit.label === unit.name ? `|${unit.label}` : ""; // the schema has none
  const format = `${formats}:DefaultRealU(${precisionOf(unit)})[${units}:${unit.name}${label}]`;
  const displayLabel = escapeXml(`${unit.phenomenonLabel} (${unit.label})`);
  return `<KindOfQuantity typeName="${name}" displayLabel="${displayLabel}" persistenceUnit="${units}:${unit.name}" presentationUnits="${escapeXml(format)}" relativeError="${relativeError}"/>`;
}

function precisionOf({ phenomenon, factor }: Unit): number {
  if (phenomenon === "LENGTH") {
    const decimals = metrePrecision + Math.round(Math.log10(factor));
    return Math.min(Math.max(decimals, 2), usualPrecision);
  }
  return fineQuantities.has(phenomenon) ? finePrecision : usualPrecision;
}
