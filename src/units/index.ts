/**
 * The units of the platform's schema Units: found by name, symbol or words, and converted exactly.
 *
 * @packageDocumentation
 */
export { findCoherentUnit, findUnit, findUnitBySymbol } from "./findUnit.js";
export type { Unit } from "./Unit.js";
export { isConvertible, unitConversion } from "./unitConversion.js";
