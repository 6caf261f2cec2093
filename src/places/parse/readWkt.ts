import type { Ellipsoid, VerticalSystem } from "../model.js";
import { axesOf, degreesOf, type RawCrs } from "./RawCrs.js";
import { keyOf, projectionOf } from "./methods.js";
import { childOf, childrenOf, nameOf, numbersOf, parseWkt, type WktNode } from "./wkt.js";

const projected = ["PROJCS", "PROJCRS", "PROJECTEDCRS"];
const geographic = ["GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS", "GEODETICCRS", "BASEGEOGCRS", "BASEGEODCRS"];
const compound = ["COMPD_CS", "COMPOUNDCRS"];
const vertical = ["VERT_CS", "VERTCRS", "VERTICALCRS", "VERTCS"];
const units = ["UNIT", "ANGLEUNIT", "LENGTHUNIT"];

/** Whether a text is WKT of a coordinate system, be it cut off or not. */
export function isWkt(text: string): boolean {
  const [, keyword] = /^\s*(\w+)\s*[[(]/.exec(text) ?? [];
  return (
    keyword !== undefined &&
    [...projected, ...geographic, ...compound, ...vertical, "BOUNDCRS", "LOCAL_CS", "ENGCRS", "GEOCCS"].includes(
      keyword.toUpperCase(),
    )
  );
}

/**
 * Reads WKT 1 (of OGC and of Esri) and WKT 2.
 * @throws SyntaxError for a text that is damaged, RangeError for one that cannot be understood
 */
export function readWkt(text: string): RawCrs {
  return readNode(parseWkt(text));
}

function readNode(node: WktNode): RawCrs {
  const { keyword } = node;
  if (projected.includes(keyword)) return readProjected(node);
  if (geographic.includes(keyword)) return readGeographic(node);
  if (compound.includes(keyword)) return readCompound(node);
  if (keyword === "BOUNDCRS") return readBound(node);
  throw new RangeError(`${keyword} is no system of places on the Earth`);
}

function readCompound(node: WktNode): RawCrs {
  const horizontal = childOf(node, ...projected, ...geographic, "BOUNDCRS", ...compound);
  if (horizontal === undefined) throw new RangeError("the compound system has no horizontal part");
  const height = childOf(node, ...vertical);
  return { ...readNode(horizontal), ...(height !== undefined && { vertical: readVertical(height) }) };
}

/** A system with a transformation to another one, which is WGS 84 or the transformation is of no use. */
function readBound(node: WktNode): RawCrs {
  const source = childOf(node, "SOURCECRS");
  const inner = source?.values.find((value): value is WktNode => typeof value === "object");
  if (inner === undefined) throw new RangeError("BOUNDCRS has no SOURCECRS");
  const values = childrenOf(childOf(node, "ABRIDGEDTRANSFORMATION") ?? node, "PARAMETER").map(
    (each) => numbersOf(each)[0] ?? 0,
  );
  const isHelmert = values.length === 3 || values.length === 7;
  return { ...readNode(inner), ...(isHelmert && { shift: values.length === 7 ? withPpm(values) : values }) };
}

/** WKT 2 has the scale itself, not its difference from 1 in parts per million. */
function withPpm(values: readonly number[]): number[] {
  const scale = values[6] ?? 1;
  return [...values.slice(0, 6), Math.abs(scale - 1) < 0.1 ? (scale - 1) * 1e6 : scale];
}

function readProjected(node: WktNode): RawCrs {
  const base = childOf(node, ...geographic);
  if (base === undefined) throw new RangeError("the projected system has no geographic one");
  const below = readGeographic(base);
  const conversion = childOf(node, "CONVERSION") ?? node;
  const method = childOf(conversion, "PROJECTION", "METHOD");
  if (method === undefined) throw new RangeError("the projected system has no projection");
  const unit = linearUnit(node);
  const parameters = new Map<string, number>();
  for (const parameter of childrenOf(conversion, "PARAMETER"))
    parameters.set(keyOf(nameOf(parameter)), valueOf(parameter, below.unit, unit));
  const { text, notes } = projectionOf({ method: nameOf(method), parameters });
  const named = axesOf(directionsOf(node));
  return {
    ...below,
    name: nameOf(node),
    code: codeOf(node),
    geographicCode: below.code,
    projection: text,
    unit,
    axes: named === "en" && keyOf(nameOf(method)).includes('southorient') ? "ws" : named,
    notes: [...below.notes, ...notes],
  };
}

/** Angles are in the unit of the geographic system, lengths in that of the projected one, unless a parameter has its own. */
function valueOf(parameter: WktNode, degreesPerUnit: number, metresPerUnit: number): number {
  const [value = NaN] = numbersOf(parameter);
  const own = childOf(parameter, ...units, "SCALEUNIT");
  const key = keyOf(nameOf(parameter));
  if (key.includes('scale')) return value;
  const isLength = /false(easting|northing)$|^(easting|northing)at/.test(key);
  if (own !== undefined) return isLength ? value * factorOf(own) : cleanDegrees(value * degreesOf(factorOf(own)));
  return isLength ? value * metresPerUnit : cleanDegrees(value * degreesPerUnit);
}

function cleanDegrees(value: number): number {
  return Number(value.toPrecision(14));
}

function readGeographic(node: WktNode): RawCrs {
  const datum = childOf(node, "DATUM", "ENSEMBLE", "TRF", "GEODETICDATUM");
  if (datum === undefined) throw new RangeError(`${node.keyword} has no datum`);
  const shift = childOf(datum, "TOWGS84");
  const degreesPerUnit = angularUnit(node);
  return {
    name: nameOf(node),
    code: codeOf(node),
    datumName: nameOf(datum),
    ellipsoid: readEllipsoid(datum),
    meridian: readMeridian(node, degreesPerUnit),
    unit: degreesPerUnit,
    axes: "en",
    ...(shift !== undefined && { shift: numbersOf(shift) }),
    notes: [],
  };
}

function readEllipsoid(datum: WktNode): Ellipsoid {
  const node = childOf(datum, "SPHEROID", "ELLIPSOID");
  const [semiMajor, inverseFlattening] = node === undefined ? [] : numbersOf(node);
  if (node === undefined || semiMajor === undefined || inverseFlattening === undefined)
    throw new RangeError(`the datum "${nameOf(datum)}" has no ellipsoid`);
  const unit = childOf(node, "LENGTHUNIT", "UNIT");
  return { name: nameOf(node), semiMajor: semiMajor * (unit === undefined ? 1 : factorOf(unit)), inverseFlattening };
}

/** WKT 1 has it in degrees, whatever the unit of angles is; by its standard it would be in that unit. 2.5969213 grads is Paris. */
function readMeridian(node: WktNode, degreesPerUnit: number): number {
  const meridian = childOf(node, "PRIMEM", "PRIMEMERIDIAN");
  if (meridian === undefined) return 0;
  const [value = 0] = numbersOf(meridian);
  const own = childOf(meridian, "ANGLEUNIT", "UNIT");
  if (own !== undefined) return cleanDegrees(value * degreesOf(factorOf(own)));
  const isParisInGrads = Math.abs(value - 2.5969213) < 1e-6 && degreesPerUnit !== 1;
  const isWkt2 = !["GEOGCS"].includes(node.keyword);
  return isParisInGrads || isWkt2 ? cleanDegrees(value * degreesPerUnit) : value;
}

function readVertical(node: WktNode): VerticalSystem {
  const axis = childOf(node, "AXIS");
  const unit = childOf(node, "UNIT", "LENGTHUNIT") ?? (axis && childOf(axis, "LENGTHUNIT", "UNIT"));
  const isDown = axis?.values.some((value) => typeof value === "string" && /^down$/i.test(value)) ?? false;
  const name = nameOf(node);
  const metresPerUnit = unit === undefined ? 1 : factorOf(unit);
  return { name, metresPerUnit, isDown, isEllipsoidal: /ellipsoid/i.test(name) };
}

function directionsOf(node: WktNode): string[] {
  return childrenOf(node, "AXIS").map((axis) =>
    String(axis.values.find((value, index) => index > 0 && typeof value === "string") ?? ""),
  );
}

/** WKT 2 has the unit within the axes, or in the CS beside them. */
function unitOf(node: WktNode): WktNode | undefined {
  const axis = childOf(node, "AXIS");
  return childrenOf(node, ...units).at(-1) ?? (axis && childOf(axis, ...units));
}

function linearUnit(node: WktNode): number {
  const unit = unitOf(node);
  return unit === undefined ? 1 : factorOf(unit);
}

function angularUnit(node: WktNode): number {
  const unit = unitOf(node);
  return unit === undefined ? 1 : degreesOf(factorOf(unit));
}

function factorOf(unit: WktNode): number {
  const [factor] = numbersOf(unit);
  if (factor === undefined || !(factor > 0)) throw new RangeError(`the unit "${nameOf(unit)}" has no factor`);
  return factor;
}

/** The code that a system has in the EPSG Dataset, as AUTHORITY or ID. */
function codeOf(node: WktNode): number | undefined {
  const id = childOf(node, "AUTHORITY", "ID");
  const [authority, code] = id?.values ?? [];
  return String(authority).toUpperCase() === "EPSG" && Number.isInteger(Number(code)) ? Number(code) : undefined;
}
