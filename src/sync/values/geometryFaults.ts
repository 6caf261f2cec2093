import { Placement3d } from "@itwin/core-common";
import { Angle } from "@itwin/core-geometry";
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

/** The members of angles, as props and as an instance. */
const angleKeys = ["yaw", "pitch", "roll"];

/** Entries of a geometry stream that carry no geometry (GeometryStreamEntryProps of core-common). */
const attributeKeys = ["header", "appearance", "styleMod", "fill", "pattern", "material", "subRange"];

/** Entries of a geometry stream that carry geometry (GeometryStreamEntryProps, and IModelJson of core-geometry). */
const geometryKeys = [
  ...["geomPart", "textString", "image", "brep"],
  ...["lineSegment", "lineString", "point", "pointString", "arc", "bcurve", "transitionSpiral", "interpolationCurve"],
  ...["akimaCurve", "path", "loop", "parityRegion", "unionRegion", "bagOfCurves", "indexedMesh", "bsurf"],
  ...["box", "sphere", "cone", "cylinder", "torusPipe", "linearSweep", "rotationalSweep", "ruledSweep", "coordinate"],
];

/** Members of geometry whose numbers are no coordinates, such as colors, and results of analyses on a mesh. */
const unlimited = /color|auxData|tags|knots|weights/i;

/** How far numbers in each kind of entry may be from zero: those that are no coordinates only have to be finite. */
const limits = new Map([
  ...attributeKeys.map((key) => [key, Number.MAX_VALUE] as const),
  ...geometryKeys.map((key) => [key, farthestGeometry] as const),
]);

/** Finds what is wrong with the placement of an element of so many dimensions. */
export function placementFaults(dimensions: 2 | 3): FaultFinder {
  return (value, property) => (isPlacement3d(value) ? undefined : placementFault(value, property, dimensions));
}

/** Most placements are instances without faults: a test that makes nothing finds them out. */
function isPlacement3d(value: unknown): boolean {
  if (!(value instanceof Placement3d)) return false;
  const { x, y, z } = value.origin;
  const { yaw, pitch, roll } = value.angles;
  const isWithin = Math.abs(x) <= farthestOrigin && Math.abs(y) <= farthestOrigin && Math.abs(z) <= farthestOrigin;
  return isWithin && Number.isFinite(yaw.radians + pitch.radians + roll.radians);
}

function placementFault(value: unknown, property: string, dimensions: 2 | 3): ValueFault | undefined {
  if (!isRecord(value)) return { property, value, expected: "an origin with angles" };
  const unknown = Object.keys(value).find((key) => !placementKeys[dimensions].includes(key));
  if (unknown !== undefined) return unknownMember(`${property}.${unknown}`, value[unknown], placementKeys[dimensions]);
  return firstFault([
    originFault(value.origin, `${property}.origin`, dimensions),
    dimensions === 3 ? anglesFault(value.angles, `${property}.angles`) : angleFault(value.angle, `${property}.angle`),
  ]);
}

/** Whether props give an element geometry. An empty stream is none. */
export function hasGeometry({ geom, elementGeometryBuilderParams }: Readonly<Record<string, unknown>>): boolean {
  return elementGeometryBuilderParams !== undefined || (Array.isArray(geom) && geom.length > 0);
}

/** Finds what is wrong with a geometry stream as JSON. */
export const geometryStreamFaults: FaultFinder = (value, property) => {
  if (!Array.isArray(value))
    return { property, value, expected: "an array of entries, as GeometryStreamBuilder makes it" };
  for (let index = 0; index < value.length; index++) {
    const fault = entryFault(value[index]);
    if (fault !== undefined) return within(`${property}[${index}]`, fault);
  }
  return undefined;
};

function entryFault(entry: unknown): ValueFault | undefined {
  if (!isRecord(entry)) return { property: "", value: entry, expected: "an entry of a geometry stream" };
  for (const key in entry) {
    const value = entry[key];
    if (value === undefined || !Object.hasOwn(entry, key)) continue;
    const limit = limits.get(key);
    if (limit === undefined) return unknownMember(`.${key}`, value, [...limits.keys()]);
    const fault = numbersFault(value, limit);
    if (fault !== undefined) return within(`.${key}`, fault);
  }
  return undefined;
}

/**
 * The first number, however deep, that is not finite or beyond a limit. Its path is put together on the way back, so that
 * a mesh without faults costs no texts. Some numbers are no coordinates, and have no limit.
 */
function numbersFault(value: unknown, limit: number): ValueFault | undefined {
  if (typeof value === "number")
    return Math.abs(value) <= limit ? undefined : { property: "", value, expected: coordinateWithin(limit) };
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return undefined;
  if (Array.isArray(value)) return numbersFaultOfArray(value, limit);
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) {
    const fault = numbersFault(members[key], unlimited.test(key) ? Number.MAX_VALUE : limit);
    if (fault !== undefined) return within(`.${key}`, fault);
  }
  return undefined;
}

function numbersFaultOfArray(values: readonly unknown[], limit: number): ValueFault | undefined {
  for (let index = 0; index < values.length; index++) {
    const member = values[index];
    if (typeof member === "number" && Math.abs(member) <= limit) continue;
    if (limit === farthestGeometry && isNoNumber(member))
      return { property: `[${index}]`, value: member, expected: coordinateWithin(limit) };
    const fault = numbersFault(member, limit);
    if (fault !== undefined) return within(`[${index}]`, fault);
  }
  return undefined;
}

/** Whether the native code would drop the geometry that has this among its coordinates. */
function isNoNumber(member: unknown): boolean {
  return typeof member === "string" || typeof member === "bigint" || member === null || member === undefined;
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
  if (value === undefined) return undefined;
  if (!isRecord(value)) return { property, value, expected: "yaw, pitch and roll" };
  for (const [key, angle] of Object.entries(value)) {
    if (!angleKeys.includes(key)) return unknownMember(`${property}.${key}`, angle, angleKeys);
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
