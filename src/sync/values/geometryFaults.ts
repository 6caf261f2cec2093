import { Angle, YawPitchRollAngles } from "@itwin/core-geometry";
import { isFiniteNumber } from "./primitiveFaults.js";
import { firstFault, type FaultFinder, type ValueFault } from "./ValueFault.js";

/** The circumference of the Earth in meters, as core-backend's native code has it. */
const earthCircumference = 40_075_000;

/** An element whose origin is farther away is refused by the native code: twice the circumference of the Earth. */
const farthestOrigin = 2 * earthCircumference;

/** Geometry that reaches farther from its origin is dropped by the native code. */
const farthestGeometry = earthCircumference;

/** The members of a placement (PlacementProps of core-common, and the members of its classes). */
const placementKeys = { 3: ["origin", "angles", "bbox"], 2: ["origin", "angle", "bbox"] };

/** Entries of a geometry stream that carry no geometry (GeometryStreamEntryProps of core-common). */
const attributeKeys = ["header", "appearance", "styleMod", "fill", "pattern", "material", "subRange"];

/** Entries of a geometry stream that carry geometry (GeometryStreamEntryProps, and IModelJson of core-geometry). */
const geometryKeys = [
  ...["geomPart", "textString", "image", "brep"],
  ...["lineSegment", "lineString", "point", "pointString", "arc", "bcurve", "transitionSpiral", "interpolationCurve"],
  ...["akimaCurve", "path", "loop", "parityRegion", "unionRegion", "bagOfCurves", "indexedMesh", "bsurf"],
  ...["box", "sphere", "cone", "cylinder", "torusPipe", "linearSweep", "rotationalSweep", "ruledSweep", "coordinate"],
];

const entryKeys = new Set([...attributeKeys, ...geometryKeys]);

/** Finds what is wrong with the placement of an element of so many dimensions. */
export function placementFaults(dimensions: 2 | 3): FaultFinder {
  return (value, property) => {
    if (!isRecord(value)) return { property, value, expected: "an origin with angles" };
    const unknown = Object.keys(value).find((key) => !placementKeys[dimensions].includes(key));
    if (unknown !== undefined)
      return unknownMember(`${property}.${unknown}`, value[unknown], placementKeys[dimensions]);
    return firstFault([
      originFault(value.origin, `${property}.origin`, dimensions),
      dimensions === 3 ? anglesFault(value.angles, `${property}.angles`) : angleFault(value.angle, `${property}.angle`),
    ]);
  };
}

/** Finds what is wrong with a geometry stream as JSON. */
export const geometryStreamFaults: FaultFinder = (value, property) => {
  if (!Array.isArray(value))
    return { property, value, expected: "an array of entries, as GeometryStreamBuilder makes it" };
  for (const [index, entry] of value.entries()) {
    const fault = entryFault(entry, `${property}[${index}]`);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

function entryFault(entry: unknown, property: string): ValueFault | undefined {
  if (!isRecord(entry)) return { property, value: entry, expected: "an entry of a geometry stream" };
  for (const [key, value] of Object.entries(entry)) {
    if (value === undefined) continue;
    if (!entryKeys.has(key)) return unknownMember(`${property}.${key}`, value, [...entryKeys]);
    const isGeometry = !attributeKeys.includes(key);
    const fault = numbersFault(value, isGeometry ? farthestGeometry : Number.MAX_VALUE);
    if (fault !== undefined) return within(`${property}.${key}`, fault);
  }
  return undefined;
}

/**
 * The first number, however deep, that is not finite or beyond a limit. Its path is put together on the way back, so that
 * a mesh without faults costs no texts. Colors are numbers too, and have no limit.
 */
function numbersFault(value: unknown, limit: number): ValueFault | undefined {
  if (typeof value === "number")
    return Math.abs(value) <= limit ? undefined : { property: "", value, expected: coordinateWithin(limit) };
  if (Array.isArray(value)) return numbersFaultOfArray(value, limit);
  if (!isRecord(value) || ArrayBuffer.isView(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const fault = numbersFault(member, /color/i.test(key) ? Number.MAX_VALUE : limit);
    if (fault !== undefined) return within(`.${key}`, fault);
  }
  return undefined;
}

function numbersFaultOfArray(values: readonly unknown[], limit: number): ValueFault | undefined {
  for (const [index, member] of values.entries()) {
    const fault = numbersFault(member, limit);
    if (fault !== undefined) return within(`[${index}]`, fault);
  }
  return undefined;
}

function within(owner: string, fault: ValueFault): ValueFault {
  return { ...fault, property: owner + fault.property };
}

function originFault(value: unknown, property: string, dimensions: 2 | 3): ValueFault | undefined {
  const coordinates = Array.isArray(value) ? value : isRecord(value) ? [value.x, value.y, value.z ?? 0] : undefined;
  if (coordinates === undefined || coordinates.length < dimensions)
    return { property, value, expected: `a point of ${dimensions} finite numbers` };
  const index = coordinates.findIndex((number) => !isFiniteNumber(number) || Math.abs(number) > farthestOrigin);
  if (index < 0) return undefined;
  return {
    property: `${property}[${index}]`,
    value: coordinates[index] as unknown,
    expected: coordinateWithin(farthestOrigin),
  };
}

function anglesFault(value: unknown, property: string): ValueFault | undefined {
  if (value === undefined || value instanceof YawPitchRollAngles)
    return value && firstFault(Object.entries(value).map(([key, angle]) => angleFault(angle, `${property}.${key}`)));
  if (!isRecord(value)) return { property, value, expected: "yaw, pitch and roll" };
  for (const [key, angle] of Object.entries(value)) {
    if (!["yaw", "pitch", "roll"].includes(key))
      return unknownMember(`${property}.${key}`, angle, ["yaw", "pitch", "roll"]);
    const fault = angleFault(angle, `${property}.${key}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** An angle in degrees, or as core-geometry writes it. */
function angleFault(value: unknown, property: string): ValueFault | undefined {
  const degrees = value instanceof Angle ? value.degrees : isRecord(value) ? Object.values(value)[0] : (value ?? 0);
  return isFiniteNumber(degrees) ? undefined : { property, value, expected: "an angle in degrees" };
}

function coordinateWithin(limit: number): string {
  return limit === Number.MAX_VALUE ? "a finite number" : `a number of meters between -${limit} and ${limit}`;
}

function unknownMember(property: string, value: unknown, known: readonly string[]): ValueFault {
  return { property, value, expected: `nothing: its members are ${known.join(", ")}` };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
