import { expectDefined } from "@itwin/core-bentley";
import { faultOfConversion, faultOfUnit } from "../../connector/schema/unitFaults.js";
import { findCoherentUnit, findUnit, findUnitBySymbol } from "../../units/findUnit.js";
import type { Unit } from "../../units/Unit.js";
import { isConvertible, unitConversion } from "../../units/unitConversion.js";
import type { PropertyMappingEntry } from "./Mapping.js";

/** The units of a column, as a mapping gives them. */
export type MappedUnits = Pick<PropertyMappingEntry, "unit" | "sourceUnit">;

/** How the values of a column are brought into the unit of their property. */
export interface ColumnUnit {
  /** The unit of the property. */
  readonly unit: Unit;
  readonly convert: (value: number) => number;
}

/** What is wrong with the units of a column: the member, and the end of a sentence. */
export interface UnitFault {
  member: keyof MappedUnits;
  fault: string;
  advice?: string;
}

/** A conversion that the platform does not have: `value * numerator / denominator`, in a unit of the schema. */
type OwnConversion = readonly [unit: string, numerator: number, denominator: number];

/**
 * Units of columns that the platform does not have, or has for another quantity: revolutions in a minute are a frequency here,
 * and parts of a hundred a ratio. They are for columns alone, not for properties.
 */
const ownConversions: ReadonlyMap<string, OwnConversion> = new Map([
  ["rpm", ["Units.HZ", 1, 60]],
  ["%", ["Units.DECIMAL_PERCENT", 1, 100]],
  ["Wh", ["Units.J", 3600, 1]],
  ["mV", ["Units.VOLT", 1, 1000]],
]);

/** Checks the units of a column. */
export function faultOfUnits({ unit, sourceUnit }: MappedUnits): UnitFault | undefined {
  if (sourceUnit === undefined)
    return unit === undefined || ownConversions.has(unit) ? undefined : faultOfMember("unit", unit);
  if (unit === undefined)
    return { member: "sourceUnit", fault: "the unit of the property is missing", advice: "Give it as unit." };
  const unknown = faultOfMember("unit", unit) ?? faultOfMember("sourceUnit", sourceUnit);
  if (unknown !== undefined) return unknown;
  const fault = faultOfConversion(expectDefined(findMapped(sourceUnit)), expectDefined(findMapped(unit)));
  return fault === undefined ? undefined : { member: "sourceUnit", fault };
}

function faultOfMember(member: keyof MappedUnits, text: string): UnitFault | undefined {
  if (findMapped(text) !== undefined) return undefined;
  const { fault, advice } = expectDefined(faultOfUnit(text));
  return { member, fault: `"${text}" ${fault}`, advice };
}

/**
 * The unit of the property of a column: `unit` where the source has its own, else the SI unit of the quantity.
 * @returns undefined for a column without a unit
 */
export function columnUnit({ unit, sourceUnit }: MappedUnits): ColumnUnit | undefined {
  if (unit === undefined) return undefined;
  if (sourceUnit === undefined) return toCoherentUnit(unit);
  const named = expectDefined(findMapped(unit));
  return { unit: named, convert: unitConversion(expectDefined(findMapped(sourceUnit)), named) };
}

/**
 * The same for a property that has a unit already, which stays.
 * @throws Error where {@link faultOfColumnUnit} finds a fault
 */
export function columnUnitFor({ unit, sourceUnit = unit }: MappedUnits, kept: Unit): ColumnUnit | undefined {
  if (sourceUnit === undefined) return undefined;
  const own = findMapped(sourceUnit);
  if (own !== undefined && isConvertible(own, kept)) return { unit: kept, convert: unitConversion(own, kept) };
  const coherent = toCoherentUnit(sourceUnit);
  const convert = unitConversion(coherent.unit, kept);
  return { unit: kept, convert: (value) => convert(coherent.convert(value)) };
}

/** Why values of a column cannot be brought into a unit, as the end of a sentence. */
export function faultOfColumnUnit({ unit, sourceUnit = unit }: MappedUnits, kept: Unit): string | undefined {
  if (sourceUnit === undefined) return undefined;
  const own = findMapped(sourceUnit);
  return own !== undefined && isConvertible(own, kept)
    ? undefined
    : faultOfConversion(toCoherentUnit(sourceUnit).unit, kept);
}

/** In a mapping, `MN` is the meganewton, as in any table. */
function findMapped(text: string): Unit | undefined {
  return findUnitBySymbol(text) ?? findUnit(text);
}

function toCoherentUnit(text: string): ColumnUnit {
  const own = ownConversions.get(text);
  if (own !== undefined) {
    const [name, numerator, denominator] = own;
    return { unit: expectDefined(findUnit(name)), convert: (value) => (value * numerator) / denominator };
  }
  const from = expectDefined(findMapped(text));
  const coherent = findCoherentUnit(from.phenomenon);
  const to = coherent !== undefined && isConvertible(from, coherent) ? coherent : from;
  return { unit: to, convert: unitConversion(from, to) };
}
