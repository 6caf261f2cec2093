import type { CrsNote, Ellipsoid, VerticalSystem } from "../model.js";
import { axesOf, degreesOf, type RawCrs } from "./RawCrs.js";
import { keyOf, projectionOf } from "./methods.js";
import { readBoundShift } from "./readBoundShift.js";
import { readProjString } from "./readProjString.js";
import { childOf, childrenOf, nameOf, numbersOf, parseWkt, wordsOf, type WktNode } from "./wkt.js";

const projected = ["PROJCS", "PROJCRS", "PROJECTEDCRS"];
const geographic = ["GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS", "GEODETICCRS", "BASEGEOGCRS", "BASEGEODCRS"];
const compound = ["COMPD_CS", "COMPOUNDCRS"];
const vertical = ["VERT_CS", "VERTCRS", "VERTICALCRS", "VERTCS"];
const units = ["UNIT", "ANGLEUNIT", "LENGTHUNIT"];
const keywords = [...projected, ...geographic, ...compound, ...vertical, "BOUNDCRS", "LOCAL_CS", "ENGCRS", "GEOCCS"];

/** Whether a text is WKT of a coordinate system, be it cut off or not. */
export function isWkt(text: string): boolean {
  const [, keyword] = /^\s*(\w+)\s*[[(]/.exec(text) ?? [];
  return keyword !== undefined && (keywords.includes(keyword.toUpperCase()) || /^\s*\w+\s*[[(]\s*"/.test(text));
}

/**
 * Reads WKT 1 (of OGC and of Esri) and WKT 2.
 * @throws SyntaxError for a text that is damaged, RangeError for one that cannot be understood
 */
export function readWkt(text: string): RawCrs {
  const [node, ...others] = parseWkt(text);
  const height = others.find(({ keyword }) => vertical.includes(keyword));
  if (others.length > 1 || (others.length === 1 && height === undefined))
    throw new RangeError("there is more than one system in it");
  return { ...readNode(node), ...(height !== undefined && { vertical: readVertical(height) }) };
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
  const [horizontal, ...others] = node.values.filter((value): value is WktNode => typeof value === "object");
  if (horizontal === undefined) throw new RangeError("the compound system has no horizontal part");
  const height = others.map(unbound).find(({ keyword }) => vertical.includes(keyword));
  return { ...readNode(horizontal), ...(height && { vertical: readVertical(height) }) };
}

/** The system within a BOUNDCRS, or the node itself. */
function unbound(node: WktNode): WktNode {
  if (node.keyword !== "BOUNDCRS") return node;
  const source = childOf(node, "SOURCECRS");
  const inner = source?.values.find((value): value is WktNode => typeof value === "object");
  if (inner === undefined) throw new RangeError("BOUNDCRS has no SOURCECRS");
  return inner;
}

/** A system with a transformation to another one, which is WGS 84 or the transformation is of no use. */
function readBound(node: WktNode): RawCrs {
  const raw = readNode(unbound(node));
  const { notes, ...shift } = readBoundShift(node);
  return { ...raw, ...shift, notes: [...raw.notes, ...notes] };
}

function readProjected(node: WktNode): RawCrs {
  const base = childOf(node, ...geographic);
  if (base === undefined) throw new RangeError("the projected system has no geographic one");
  const below = readGeographic(base);
  const unit = linearUnit(node);
  return {
    ...below,
    name: nameOf(node),
    code: codeOf(node),
    geographicCode: below.code,
    unit,
    ...heightOf(node),
    ...readProjection(node, below, unit),
  };
}

function readProjection(node: WktNode, below: RawCrs, unit: number): Partial<RawCrs> & { notes: readonly CrsNote[] } {
  const conversion = childOf(node, "CONVERSION") ?? node;
  const method = childOf(conversion, "PROJECTION", "METHOD");
  const stated = axesOf(directionsOf(node));
  const extended = readExtension(node);
  if (extended?.projection !== undefined)
    return { projection: extended.projection, axes: stated, ...shiftOf(extended), notes: below.notes };
  if (method === undefined) throw new RangeError("the projected system has no projection");
  const parameters = new Map<string, number>();
  for (const parameter of childrenOf(conversion, "PARAMETER"))
    parameters.set(keyOf(nameOf(parameter)), valueOf(parameter, below.unit, unit));
  const isSphere = below.ellipsoid.inverseFlattening === 0;
  const { text, axes, notes } = projectionOf({ method: nameOf(method), parameters, isSphere });
  return { projection: text, axes: stated ?? (axes === "en" ? undefined : axes), notes: [...below.notes, ...notes] };
}

/** WKT 1 of GDAL has what its own words cannot say as a text for PROJ: the web's Mercator projection, and grids. */
function readExtension(node: WktNode): RawCrs | undefined {
  const extension = childrenOf(node, "EXTENSION").find((each) => keyOf(nameOf(each)) === "proj4");
  const [text] = extension === undefined ? [] : wordsOf(extension);
  const raw = text === undefined ? undefined : readProjString(text);
  return typeof raw === "number" ? undefined : raw;
}

function shiftOf({ shift, grids }: RawCrs): Partial<RawCrs> {
  return { ...(shift !== undefined && { shift }), ...(grids !== undefined && { grids }) };
}

/** Angles are in the unit of the geographic system, lengths in that of the projected one, unless a parameter has its own. */
function valueOf(parameter: WktNode, degreesPerUnit: number, metresPerUnit: number): number {
  const [value] = numbersOf(parameter);
  if (value === undefined) throw new RangeError(`the parameter ${nameOf(parameter)} has no value`);
  const own = childOf(parameter, ...units, "SCALEUNIT");
  const key = keyOf(nameOf(parameter));
  if (key.includes("scal")) return value; // scale factor, ellipsoid scaling factor
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
  if (
    directionsOf(node).some((direction) => /^geocentric/i.test(direction)) ||
    childOf(node, "CS")?.values[0] === "Cartesian"
  )
    throw new RangeError("its coordinates are counted from the centre of the Earth");
  const degreesPerUnit = angularUnit(node);
  return {
    name: nameOf(node),
    code: codeOf(node),
    datumName: nameOf(datum),
    ellipsoid: readEllipsoid(datum),
    meridian: readMeridian(node, degreesPerUnit),
    unit: degreesPerUnit,
    axes: "en",
    ...heightOf(node),
    ...towgs84Of(datum),
    ...gridsOf(node),
    notes: [],
  };
}

function towgs84Of(datum: WktNode): { shift?: number[] } {
  const node = childOf(datum, "TOWGS84");
  if (node === undefined) return {};
  const shift = numbersOf(node);
  if (shift.length !== 3 && shift.length !== 7) throw new RangeError("TOWGS84 needs three or seven numbers");
  return { shift };
}

function gridsOf(node: WktNode): Partial<RawCrs> {
  const extension = readExtension(node);
  return extension?.grids === undefined ? {} : { grids: extension.grids };
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
  const direction = childrenOf(node, "PARAMETER").find((each) => keyOf(nameOf(each)) === "direction");
  const isDown = axis === undefined ? direction !== undefined && numbersOf(direction)[0] === -1 : isDownward(axis);
  const name = nameOf(node);
  const isEllipsoidal = childOf(node, "DATUM") !== undefined || /ellipsoid/i.test(name); // Esri has a DATUM there
  return { name, metresPerUnit: heightUnit(node, axis), isDown, isEllipsoidal };
}

function heightUnit(node: WktNode, axis: WktNode | undefined): number {
  const unit = childOf(node, "UNIT", "LENGTHUNIT") ?? (axis && childOf(axis, "LENGTHUNIT", "UNIT"));
  return unit === undefined ? 1 : factorOf(unit);
}

function isDownward(axis: WktNode): boolean {
  return wordsOf(axis).some((word) => /^down$/i.test(word));
}

/** The third axis of a horizontal system, which is the height above its ellipsoid. */
function heightOf(node: WktNode): { vertical?: VerticalSystem } {
  const axis = childrenOf(node, "AXIS")[2];
  if (axis === undefined) return {};
  const unit = childOf(axis, "LENGTHUNIT", "UNIT");
  const metresPerUnit = unit === undefined ? 1 : factorOf(unit);
  return { vertical: { name: "ellipsoidal height", metresPerUnit, isDown: isDownward(axis), isEllipsoidal: true } };
}

function directionsOf(node: WktNode): string[] {
  return childrenOf(node, "AXIS").map((axis) => wordsOf(axis)[0] ?? "");
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
  const [authority, code] = childOf(node, "AUTHORITY", "ID")?.values ?? [];
  const isOfEpsg = typeof authority === "string" && authority.toUpperCase() === "EPSG";
  return isOfEpsg && typeof code !== "object" && Number.isInteger(Number(code)) ? Number(code) : undefined;
}
