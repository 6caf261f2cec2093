import { nearestNames } from "../../sync/values/nearestName.js";
import { findUnit, findUnitBySymbol } from "../../units/findUnit.js";
import type { Unit } from "../../units/Unit.js";
import { unitCatalog } from "../../units/UnitCatalog.js";
import { isConvertible } from "../../units/unitConversion.js";

/** So many of the nearest units are named. */
const namedUnits = 3;

/** Why there is no unit of a text, as the end of a sentence, and what to write instead; undefined where there is one. */
export function faultOfUnit(text: string): { fault: string; advice: string } | undefined {
  if (findUnit(text) !== undefined) return undefined;
  const [named, written] = [findUnit(`Units.${text}`), findUnitBySymbol(text)];
  if (named !== undefined && written !== undefined)
    return {
      fault: `can be ${named.label} by its name and ${written.label} by its symbol`,
      advice: `Write "${named.fullName}" or "${written.fullName}".`,
    };
  return { fault: "is no unit of the platform's schema Units", advice: adviseUnit(text) };
}

/** Why values cannot be converted, as the end of a sentence; undefined where they can. */
export function faultOfConversion(from: Unit, to: Unit): string | undefined {
  return isConvertible(from, to)
    ? undefined
    : `${from.label} is a unit of ${quantity(from)}, and ${to.label} is one of ${quantity(to)}`;
}

function quantity({ phenomenonLabel }: Unit): string {
  return phenomenonLabel.toLowerCase();
}

function adviseUnit(text: string): string {
  const units = unitCatalog().units;
  const candidates = [...units.map(({ name }) => name), ...units.map(({ label }) => label)];
  const nearest = nearestNames(text, candidates, namedUnits);
  if (nearest.length === 0) return "Give the name of a unit there, such as MM, or its symbol, such as mm or kg/m³.";
  const list = nearest.map((name) => `"${name}"`);
  return list.length === 1 ? `Use ${list[0]}.` : `Use one of ${list.join(", ")}.`;
}
