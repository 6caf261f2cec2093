import type { IfcFile } from "../IfcFile.js";
import type { Units } from "../units/Units.js";
import type { Measures } from "./PointReader.js";

/** How a file counts lengths and angles. Angles count in radians where the project assigns no unit of them. */
export function measuresOf(file: IfcFile, units: Units): Measures {
  const angle = units.assigned.find((unit) => file.text(unit, "UnitType") === "PLANEANGLEUNIT");
  return { metres: units.metresPerLength, radians: angle === undefined ? 1 : units.factorOf(angle) };
}
