import { readWkt } from "./readWkt.js";
import type { RawCrs } from "./RawCrs.js";

type Json = Record<string, unknown>;

/**
 * Reads PROJJSON, which has the model of WKT 2: it is written as such.
 * @throws SyntaxError for a text that is no JSON, RangeError for one that cannot be understood
 */
export function readProjJson(text: string): RawCrs {
  return readWkt(wktOf(JSON.parse(text) as Json));
}

const keywords: Readonly<Record<string, string>> = {
  ProjectedCRS: "PROJCRS",
  GeographicCRS: "GEOGCRS",
  GeodeticCRS: "GEODCRS",
  CompoundCRS: "COMPOUNDCRS",
  VerticalCRS: "VERTCRS",
  BoundCRS: "BOUNDCRS",
};

const unitKeywords: Readonly<Record<string, string>> = {
  AngularUnit: "ANGLEUNIT",
  LinearUnit: "LENGTHUNIT",
  ScaleUnit: "SCALEUNIT",
};

function wktOf(crs: Json): string {
  const keyword = keywords[textOf(crs.type)];
  if (keyword === undefined) throw new RangeError(`${textOf(crs.type)} is no system of places on the Earth`);
  const parts: (string | undefined)[] = [
    quote(crs.name),
    ...list(crs.components).map(wktOf),
    optional(crs.base_crs, (base) => wktOf({ type: "GeographicCRS", ...base })), // PROJ leaves its type out
    optional(crs.source_crs, (source) => `SOURCECRS[${wktOf(source)}]`),
    optional(crs.target_crs, (target) => `TARGETCRS[${wktOf(target)}]`),
    datumOf(crs),
    optional(crs.conversion, conversionOf),
    optional(crs.transformation, transformationOf),
    ...axesOf(crs.coordinate_system as Json | undefined),
    idOf(crs),
  ];
  return `${keyword}[${parts.filter((part) => part !== undefined && part !== "").join(",")}]`;
}

function optional(value: unknown, write: (object: Json) => string): string | undefined {
  return typeof value === "object" && value !== null ? write(value as Json) : undefined;
}

function datumOf(crs: Json): string | undefined {
  const datum = (crs.datum ?? crs.datum_ensemble) as Json | undefined;
  if (datum === undefined) return undefined;
  if (crs.type === "VerticalCRS") return `VDATUM[${quote(datum.name)}]`;
  const ellipsoid = datum.ellipsoid as Json | undefined;
  if (ellipsoid === undefined) throw new RangeError(`the datum "${textOf(datum.name)}" has no ellipsoid`);
  const text = `DATUM[${quote(datum.name)},ELLIPSOID[${quote(ellipsoid.name)},${shapeOf(ellipsoid)}]]`;
  return [text, optional(datum.prime_meridian, meridianOf)].filter((part) => part !== undefined).join(",");
}

function meridianOf({ name, longitude }: Json): string {
  return `PRIMEM[${quote(name)},${measure(longitude, "degree")}]`;
}

/** The semi-major axis, the inverse flattening and the unit of the former. */
function shapeOf({
  semi_major_axis: major,
  semi_minor_axis: minor,
  radius,
  inverse_flattening: inverse,
}: Json): string {
  const length = major ?? radius;
  return `${valueOf(length)},${valueOf(inverse ?? flattening(valueOf(length), valueOf(minor ?? length)))}${unitOf(isMeasure(length) ? length.unit : "metre")}`;
}

function flattening(major: number, minor: number): number {
  return major === minor ? 0 : major / (major - minor);
}

function isMeasure(value: unknown): value is { value: unknown; unit: unknown } {
  return typeof value === "object" && value !== null && "value" in value && "unit" in value;
}

/** A number, or the number of an object with a unit. */
function valueOf(value: unknown): number {
  const number: unknown = isMeasure(value) ? value.value : value;
  if (typeof number !== "number") throw new RangeError("a number is missing");
  return number;
}

/** A value with its unit, or with the usual one. */
function measure(value: unknown, usual: string): string {
  return `${valueOf(value)}${unitOf(isMeasure(value) ? value.unit : usual)}`;
}

function conversionOf(conversion: Json): string {
  return `CONVERSION[${[quote(conversion.name), ...operationOf(conversion)].join(",")}]`;
}

function transformationOf(transformation: Json): string {
  return `ABRIDGEDTRANSFORMATION[${[quote(transformation.name), ...operationOf(transformation)].join(",")}]`;
}

function operationOf({ method, parameters }: Json): string[] {
  return [`METHOD[${quote((method as Json | undefined)?.name)}]`, ...list(parameters).map(parameterOf)];
}

function parameterOf({ name, value, unit }: Json): string {
  if (typeof value === "string") return `PARAMETERFILE[${quote(name)},${quote(value)}]`;
  return `PARAMETER[${quote(name)},${isMeasure(value) ? measure(value, "unity") : `${valueOf(value)}${unitOf(unit)}`}]`;
}

function axesOf(system: Json | undefined): string[] {
  if (system === undefined) return [];
  return list(system.axis).map(
    (axis) => `AXIS[${quote(axis.name)},${textOf(axis.direction).replace(/\W/g, "")}${unitOf(axis.unit)}]`,
  );
}

function unitOf(unit: unknown): string {
  if (unit === undefined || unit === "unity") return "";
  if (unit === "metre") return ',LENGTHUNIT["metre",1]';
  if (unit === "degree") return ',ANGLEUNIT["degree",0.0174532925199433]';
  const { type, name, conversion_factor: factor } = unit as Json;
  const keyword = unitKeywords[textOf(type)] ?? "UNIT";
  return `,${keyword}[${quote(name)},${valueOf(factor)}]`;
}

function idOf({ id }: Json): string | undefined {
  return optional(id, ({ authority, code }) => `ID[${quote(authority)},${quote(code)}]`);
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function quote(text: unknown): string {
  return `"${textOf(text).replaceAll('"', '""')}"`;
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
