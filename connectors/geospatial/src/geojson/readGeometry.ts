import type { Position, Shape } from "../source/Feature.js";

/** What is wrong with a feature, as a part of a sentence. */
export class GeometryError extends Error {}

/** Collections in collections that go deeper are taken for an attack on the stack. */
const deepest = 100;

interface Growing {
  points: Position[];
  lines: Position[][];
  polygons: Position[][][];
}

const adders: Readonly<Record<string, (shape: Growing, coordinates: unknown) => void>> = {
  Point: ({ points }, coordinates) => isEmptyList(coordinates) || points.push(positionOf(coordinates)),
  MultiPoint: ({ points }, coordinates) => points.push(...listOf(coordinates, positionOf)),
  LineString: ({ lines }, coordinates) => isEmptyList(coordinates) || lines.push(lineOf(coordinates)),
  MultiLineString: ({ lines }, coordinates) => lines.push(...listOf(coordinates, lineOf)),
  Polygon: ({ polygons }, coordinates) => isEmptyList(coordinates) || polygons.push(listOf(coordinates, lineOf)),
  MultiPolygon: ({ polygons }, coordinates) => polygons.push(...listOf(coordinates, (each) => listOf(each, lineOf))),
};

/**
 * The shape of a GeoJSON geometry; undefined for null.
 * @throws GeometryError
 */
export function readGeometry(geometry: unknown): Shape | undefined {
  if (geometry === null || geometry === undefined) return undefined;
  const shape: Growing = { points: [], lines: [], polygons: [] };
  add(shape, geometry, 0);
  return shape;
}

/** Whether a name is that of a type of geometries. */
export function isGeometryType(type: unknown): boolean {
  return typeof type === "string" && (type === "GeometryCollection" || Object.hasOwn(adders, type));
}

/** Whether a geometry that was read has a position with more numbers than are used. */
export function hasMoreNumbers(geometry: unknown): boolean {
  const { coordinates, geometries } = (geometry ?? {}) as Record<string, unknown>;
  return Array.isArray(geometries) ? geometries.some(hasMoreNumbers) : isLonger(coordinates);
}

function isLonger(coordinates: unknown): boolean {
  if (!Array.isArray(coordinates)) return false;
  return typeof coordinates[0] === "number" ? coordinates.length > 3 : coordinates.some(isLonger);
}

function add(shape: Growing, geometry: unknown, depth: number): void {
  const { type, coordinates, geometries } = (geometry ?? {}) as Record<string, unknown>;
  if (type === "GeometryCollection" && depth < deepest) {
    for (const each of listOf(geometries, (member) => member)) add(shape, each, depth + 1);
    return;
  }
  const adder = typeof type === "string" && Object.hasOwn(adders, type) ? adders[type] : undefined;
  if (adder === undefined)
    throw new GeometryError(`there is no geometry of type ${JSON.stringify(type ?? null).slice(0, 40)}`);
  adder(shape, coordinates);
}

function listOf<T>(value: unknown, read: (member: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new GeometryError("its coordinates are no list where they should be one");
  return value.map((member) => read(member));
}

function lineOf(value: unknown): Position[] {
  return listOf(value, positionOf);
}

/** A geometry without any position, as many programs write it. */
function isEmptyList(coordinates: unknown): boolean {
  return Array.isArray(coordinates) && coordinates.length === 0;
}

/** East, north and up; some programs write more numbers, which have no meaning that is known. */
function positionOf(value: unknown): Position {
  const numbers: unknown[] = Array.isArray(value) ? (value.length > 3 ? value.slice(0, 3) : value) : [];
  if (numbers.length >= 2 && numbers.every(Number.isFinite)) return numbers as unknown as Position;
  throw new GeometryError("a position is not two or three numbers");
}
