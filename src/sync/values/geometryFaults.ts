import { ElementGeometryOpcode, Placement3d } from "@itwin/core-common";
import { isAngle, isFiniteNumber } from "./primitiveFaults.js";
import { definitionFault, definitionKinds, type GeometryDefinitions } from "./geometryDefinitions.js";
import { attributeShapes, geometryShapes, solidKinds } from "./geometryShapes.js";
import { isRecord, oneOf, unknownMember, within, type Shape } from "./shapes.js";
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

/** Members of geometry whose numbers are no coordinates, such as colors, and results of analyses on a mesh. */
const unlimited: ReadonlySet<string> = new Set(
  "color colorIndex auxData tags knots uKnots vKnots weights faceSymbology".split(" "),
);

/** An entry by its kind: how far its numbers may be from zero, and what it must be like. */
interface EntryKind {
  readonly limit: number;
  readonly shape: Shape;
}

/** Numbers that are no coordinates only have to be finite. */
const entryKinds: ReadonlyMap<string, EntryKind> = new Map([
  ...[...attributeShapes].map(([key, shape]) => [key, { limit: Number.MAX_VALUE, shape }] as const),
  ...[...geometryShapes].map(([key, shape]) => [key, { limit: farthestGeometry, shape }] as const),
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

/** Whether props give an element geometry. A stream is none that is empty, or only says how geometry looks. */
export function carriesGeometry(props: object): boolean {
  const { geom, elementGeometryBuilderParams } = props as GeometryMembers;
  const { entryArray } = (elementGeometryBuilderParams ?? {}) as { entryArray?: unknown };
  if (Array.isArray(entryArray) && entryArray.some(isGeometryData)) return true;
  return Array.isArray(geom) && geom.some((entry) => isRecord(entry) && !isAttribute(entry));
}

/** The members of an element's props that are its geometry. */
interface GeometryMembers {
  readonly geom?: unknown;
  readonly elementGeometryBuilderParams?: unknown;
}

function isGeometryData(entry: unknown): boolean {
  return isRecord(entry) && !attributeOpcodes.has(entry.opcode as ElementGeometryOpcode);
}

function isAttribute(entry: Readonly<Record<string, unknown>>): boolean {
  const kind = kindOf(entry);
  return kind !== undefined && attributeShapes.has(kind);
}

/** The kinds of binary entries that say how the geometry after them looks. */
const attributeOpcodes: ReadonlySet<ElementGeometryOpcode> = new Set([
  ElementGeometryOpcode.SubGraphicRange,
  ElementGeometryOpcode.BasicSymbology,
  ElementGeometryOpcode.LineStyleModifiers,
  ElementGeometryOpcode.Fill,
  ElementGeometryOpcode.Pattern,
  ElementGeometryOpcode.Material,
]);

/** Finds numbers that are not finite, however deep they are. */
export const finiteNumbers: FaultFinder = (value, property) => within(property, numbersFault(value, Number.MAX_VALUE));

/** Finds a number in geometry that is beyond what an iModel holds. */
export function coordinateFault(geometry: unknown): ValueFault | undefined {
  return numbersFault(geometry, farthestGeometry);
}

/** Whose geometry it is. */
export interface GeometryOwner {
  /** The dimensions of an element, undefined for a GeometryPart. */
  readonly dimensions: 2 | 3 | undefined;
  readonly definitions: GeometryDefinitions;
}

/** Finds what is wrong with a geometry stream as JSON. */
export function geometryStreamFaults(owner: GeometryOwner): FaultFinder {
  return (value, property, props) => {
    if (!Array.isArray(value))
      return { property, value, expected: "an array of entries, as GeometryStreamBuilder makes it" };
    if (props?.elementGeometryBuilderParams !== undefined && value.length > 0)
      return { property, value, expected: "left out where there are elementGeometryBuilderParams" };
    for (let index = 0; index < value.length; index++) {
      const fault = entryFault(value[index], index, owner, props?.category);
      if (fault !== undefined) return within(`${property}[${index}]`, fault);
    }
    return undefined;
  };
}

/** A stream has thousands of entries at times: nothing is made for one without faults. */
function entryFault(entry: unknown, index: number, owner: GeometryOwner, category: unknown): ValueFault | undefined {
  if (!isRecord(entry)) return { property: "", value: entry, expected: "an entry of a geometry stream" };
  const key = kindOf(entry);
  const kind = key === undefined ? undefined : entryKinds.get(key);
  if (key === undefined || kind === undefined) return anyEntry(entry);
  const value = entry[key];
  const fault = numbersFault(value, kind.limit) ?? kind.shape(value) ?? placeFault(key, value, index, owner);
  if (fault !== undefined) return within(`.${key}`, fault);
  if (!definitionKinds.has(key)) return undefined;
  const { dimensions, definitions } = owner;
  return within(
    `.${key}`,
    definitionFault(key, value as never, { isPart: dimensions === undefined, definitions, category }),
  );
}

/** What is wrong with an entry where it stands. */
function placeFault(key: string, value: unknown, index: number, { dimensions }: GeometryOwner): ValueFault | undefined {
  if (dimensions === 2 && solidKinds.has(key))
    return { property: "", value, expected: "a curve, a text or a part: the element has two dimensions" };
  if (key === "header" && index > 0) return { property: "", value, expected: "the first entry" };
  return undefined;
}

const anyEntry = oneOf(new Map([...entryKinds].map(([key, { shape }]) => [key, shape])));

/** The only member of an entry, undefined where there is none or are several. */
function kindOf(entry: Readonly<Record<string, unknown>>): string | undefined {
  let only: string | undefined;
  for (const key in entry) {
    if (entry[key] === undefined) continue;
    if (only !== undefined) return undefined;
    only = key;
  }
  return only;
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
    const fault = numbersFault(members[key], unlimited.has(key) ? Number.MAX_VALUE : limit);
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

function angleFault(value: unknown, property: string): ValueFault | undefined {
  return isAngle(value ?? 0) ? undefined : { property, value, expected: "an angle in degrees" };
}

function coordinateWithin(limit: number): string {
  return limit === Number.MAX_VALUE ? "a finite number" : `a number of meters between -${limit} and ${limit}`;
}
