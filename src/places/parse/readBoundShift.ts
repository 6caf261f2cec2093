import type { CrsNote } from "../model.js";
import { degreesOf, type RawCrs } from "./RawCrs.js";
import { keyOf } from "./methods.js";
import { childOf, childrenOf, nameOf, numbersOf, wordsOf, type WktNode } from "./wkt.js";

/** What a parameter of a shift is measured in, in the unit of the seven parameters: metres, seconds, parts per million. */
const parameters: readonly { readonly key: RegExp; readonly perUnit: (unit: number) => number }[] = [
  { key: /^xaxistranslation$/, perUnit: (metres) => metres },
  { key: /^yaxistranslation$/, perUnit: (metres) => metres },
  { key: /^zaxistranslation$/, perUnit: (metres) => metres },
  { key: /^xaxisrotation$/, perUnit: (radians) => degreesOf(radians) * 3600 },
  { key: /^yaxisrotation$/, perUnit: (radians) => degreesOf(radians) * 3600 },
  { key: /^zaxisrotation$/, perUnit: (radians) => degreesOf(radians) * 3600 },
  { key: /^scaledifference$/, perUnit: (factor) => factor * 1e6 },
];

/** The shift to WGS 84 that a BOUNDCRS has; a note where it has one that is not understood, and so not used. */
export function readBoundShift(bound: WktNode): Pick<RawCrs, "shift" | "grids" | "notes"> {
  const operation = childOf(bound, "ABRIDGEDTRANSFORMATION");
  if (operation === undefined) return { notes: [] };
  const grids = childrenOf(operation, "PARAMETERFILE").flatMap((file) => wordsOf(file).slice(0, 1));
  if (grids.length > 0) return { grids, notes: [] };
  const shift = isToWgs84(bound) ? helmertOf(operation) : undefined;
  return shift === undefined ? { notes: [unused(operation)] } : { shift, notes: [] };
}

/** Whether the other system is one of WGS 84, or there is nothing else that it could be. */
function isToWgs84(bound: WktNode): boolean {
  const target = childOf(bound, "TARGETCRS");
  return target === undefined || JSON.stringify(target.values).includes('"WGS 84');
}

function helmertOf(operation: WktNode): number[] | undefined {
  const method = keyOf(nameOf(childOf(operation, "METHOD") ?? operation));
  const given = childrenOf(operation, "PARAMETER");
  if (![3, 7].includes(given.length) || /timedependent|badekas/.test(method)) return undefined;
  const values = parameters.slice(0, given.length).map(({ key, perUnit }, index) => {
    const parameter = given.find((each) => key.test(keyOf(nameOf(each))));
    return parameter && valueOf(parameter, perUnit, index) * (isTurned(method, index) ? -1 : 1);
  });
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** The coordinate frame rotation has the rotations of the position vector transformation with the other sign. */
function isTurned(method: string, index: number): boolean {
  return method.startsWith("coordinateframe") && index >= 3 && index < 6;
}

/** In BOUNDCRS the scale is the factor itself, such as 1.0000024, unless it has a unit. */
function valueOf(parameter: WktNode, perUnit: (unit: number) => number, index: number): number {
  const [value = NaN] = numbersOf(parameter);
  const unit = childOf(parameter, "LENGTHUNIT", "ANGLEUNIT", "SCALEUNIT", "UNIT");
  const factor = unit === undefined ? undefined : numbersOf(unit)[0];
  if (index === 6 && (factor ?? 1) === 1 && Math.abs(value - 1) < 0.1) return (value - 1) * 1e6;
  return factor === undefined ? value : value * perUnit(factor);
}

function unused(operation: WktNode): CrsNote {
  const message = `The shift "${nameOf(operation)}" of the coordinate system is of a kind that is not understood; the published shift of its datum is used.`;
  return { key: "other-shift", message };
}
