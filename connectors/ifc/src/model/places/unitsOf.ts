import type { IfcFile } from "../IfcFile.js";
import type { Units } from "../units/Units.js";

/** Metres for each unit of length; undefined for a unit of something else. */
export function metresPerUnit(file: IfcFile, units: Units, unit: number): number | undefined {
  return file.text(unit, "UnitType") === "LENGTHUNIT" ? units.factorOf(unit) : undefined;
}

/** Degrees for each unit of angle; undefined for a unit of something else. */
export function degreesPerUnit(file: IfcFile, units: Units, unit: number | undefined): number | undefined {
  if (unit === undefined || file.text(unit, "UnitType") !== "PLANEANGLEUNIT") return undefined;
  return (units.factorOf(unit) * 180) / Math.PI;
}

/** Metres for each unit that a text names, such as `METRE`, `mm` or `US survey foot`; undefined for one that is not known. */
export function metresOfName(name: string): number | undefined {
  const text = name.toLowerCase().replace(/[^a-z]/g, "");
  if (/^(us|survey|ftus).*(ft|f[oe]{2}t)|^ftus$/.test(text)) return 1200 / 3937;
  if (/^(international)?(ft|f[oe]{2}t)$/.test(text)) return 0.3048;
  const [, prefix] = /^(milli|centi|kilo|m(?=m$)|c(?=m$)|k(?=m$))?(?:m|met(?:re|er)s?)$/.exec(text) ?? [];
  const factors: Readonly<Record<string, number>> = { milli: 1e-3, m: 1e-3, centi: 1e-2, c: 1e-2, kilo: 1e3, k: 1e3 };
  if (prefix !== undefined) return factors[prefix];
  return /^(m|met(re|er)s?)$/.test(text) ? 1 : undefined;
}
