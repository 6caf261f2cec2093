import type { PropertyLimits } from "../../imodel/classMetadata.js";
import type { FaultFinder } from "./ValueFault.js";

/** Adds to what a type can hold the limits that a schema sets for a property. An iModel does not heed them. */
export function withinLimits(faults: FaultFinder, limits: PropertyLimits): FaultFinder {
  const { minValue = -Infinity, maxValue = Infinity, minLength = 0, maxLength = Infinity } = limits;
  const isLimited = [minValue, maxValue, maxLength].some(Number.isFinite) || minLength > 0;
  if (!isLimited) return faults;
  return (value, property, props) => {
    const fault = faults(value, property, props);
    if (fault !== undefined) return fault;
    if (typeof value === "number" && (value < minValue || value > maxValue))
      return { property, value, expected: `a number ${rangeOf(minValue, maxValue)}` };
    if (typeof value === "string" && (value.length < minLength || value.length > maxLength))
      return { property, value, expected: `a text with a number of letters ${rangeOf(minLength, maxLength)}` };
    return undefined;
  };
}

/** Adds the limits that a schema sets for the length of an array. */
export function withinOccurs(faults: FaultFinder, { maxOccurs = Infinity }: PropertyLimits): FaultFinder {
  if (!Number.isFinite(maxOccurs)) return faults;
  return (value, property, props) => {
    const fault = faults(value, property, props);
    if (fault !== undefined || !Array.isArray(value) || value.length <= maxOccurs) return fault;
    return { property, value, expected: `an array of at most ${maxOccurs} entries` };
  };
}

function rangeOf(least: number, most: number): string {
  if (!Number.isFinite(most)) return `from ${least} on`;
  return Number.isFinite(least) ? `from ${least} to ${most}` : `up to ${most}`;
}
