import { expectDefined } from "@itwin/core-bentley";
import { ConnectorError } from "../../ConnectorError.js";
import { findUnit } from "../../units/findUnit.js";
import type { Unit } from "../../units/Unit.js";
import { faultOfConversion, faultOfUnit } from "./unitFaults.js";
import type { PropertyDescription, PropertyType, SchemaDescription } from "./SchemaDescription.js";

/** The types whose values are measured. */
const measured: readonly PropertyType[] = ["int", "long", "double", "point2d", "point3d"];
const whole: readonly PropertyType[] = ["int", "long"];

/**
 * Checks the units of a description.
 * @throws ConnectorError `schema/unknown-unit`, `schema/invalid-unit`
 */
export function checkUnits({ name: schema, classes, links = [] }: SchemaDescription): void {
  for (const { name, properties = [] } of [...classes, ...links])
    for (const property of properties) checkProperty(property, `${schema}:${name}.${property.name}`);
}

function checkProperty({ type, unit, sourceUnit }: PropertyDescription, name: string): void {
  if (unit === undefined) {
    if (sourceUnit === undefined) return;
    throw invalidUnit(`${name} has a sourceUnit but no unit.`, "Give the unit of the iModel as unit.");
  }
  if (!measured.includes(type))
    throw invalidUnit(`${name} has the unit "${unit}", but is a ${type}.`, `Units are for ${measured.join(", ")}.`);
  const to = requireUnit(unit, name);
  if (sourceUnit !== undefined) checkConversion(requireUnit(sourceUnit, name), to, { type, name });
}

function checkConversion(from: Unit, to: Unit, { type, name }: Pick<PropertyDescription, "type" | "name">): void {
  const fault = faultOfConversion(from, to);
  if (fault !== undefined) throw invalidUnit(`${name} cannot be converted: ${fault}.`, "Give units of one quantity.");
  if (from.name !== to.name && whole.includes(type))
    throw invalidUnit(`${name} cannot be converted: it is an ${type}.`, 'Give it the type "double".');
}

function requireUnit(text: string, name: string): Unit {
  const fault = faultOfUnit(text);
  if (fault === undefined) return expectDefined(findUnit(text));
  throw new ConnectorError("schema/unknown-unit", `${name} has the unit "${text}", which ${fault.fault}.`, {
    advice: fault.advice,
  });
}

function invalidUnit(message: string, advice: string): ConnectorError {
  return new ConnectorError("schema/invalid-unit", message, { advice });
}
