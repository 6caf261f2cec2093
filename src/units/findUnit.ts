import type { Unit } from "./Unit.js";
import { unitCatalog } from "./UnitCatalog.js";

/**
 * Finds a unit of the platform's schema Units by its name or by what people write for it.
 *
 * - A name: `MM`, `Units.MM` or `u:MM`, in capital letters as in the schema.
 * - A symbol: `mm`, `m²`, `m2`, `m^2`, `°C`, `degC`, `kPa`, `%`, with the prefixes of SI.
 * - A product: `kN/m`, `m³·s^-1`, `W/(m²·K)`, `W/m²K`. In products, temperatures are differences.
 * - Words in English: `square metre`, `cubic feet per second`, `gallon UK`.
 *
 * The case of letters counts: `mm` and `Mm` are two units.
 * @returns undefined for a text that the schema has no unit for, and for one that could be several: `MN` is the name of the
 * millinewton and the symbol of the meganewton
 * @public
 */
export function findUnit(text: string | undefined): Unit | undefined {
  return text === undefined ? undefined : unitCatalog().find(text);
}

/**
 * Finds a unit as {@link findUnit} does, for a text that is no name of the schema: `MN` is the meganewton.
 * @public
 */
export function findUnitBySymbol(text: string | undefined): Unit | undefined {
  return text === undefined ? undefined : unitCatalog().findSymbol(text);
}

/**
 * Finds the unit of a quantity that is 1 in the base units of SI, such as `SQ_M` for `AREA`.
 * @param phenomenon - the name of the quantity, as units have it
 * @public
 */
export function findCoherentUnit(phenomenon: string): Unit | undefined {
  return unitCatalog().coherentUnitOf(phenomenon);
}
