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

function wktOf(crs: Json): string {
  const keyword = keywords[String(crs.type)];
  if (keyword === undefined) throw new RangeError(`${String(crs.type)} is no system of places on the Earth`);
  const parts: (string | undefined)[] = [
    quote(crs.name),
    ...list(crs.components).map(wktOf),
    crs.base_crs === undefined ? undefined : wktOf(crs.base_crs as Json),
    crs.source_crs === undefined ? undefined : `SOURCECRS[${wktOf(crs.source_crs as Json)}]`,
    datumOf(crs),
    conversionOf(crs.conversion as Json | undefined),
    transformationOf(crs.transformation as Json | undefined),
    ...axesOf(crs.coordinate_system as Json | undefined),
    idOf(crs),
  ];
  return `${keyword}[${parts.filter((part) => part !== undefined && part !== "").join(",")}]`;
}

function datumOf(crs: Json): string | undefined {
  const datum = (crs.datum ?? crs.datum_ensemble) as Json | undefined;
  if (datum === undefined) return undefined;
  if (crs.type === "VerticalCRS") return `VDATUM[${quote(datum.name)}]`;
  const ellipsoid = datum.ellipsoid as Json | undefined;
  if (ellipsoid === undefined) throw new RangeError(`the datum "${String(datum.name)}" has no ellipsoid`);
  const [semiMajor, semiMinor, radius] = [ellipsoid.semi_major_axis, ellipsoid.semi_minor_axis, ellipsoid.radius].map(
    numberOf,
  );
  const major = semiMajor ?? radius ?? NaN;
  const inverse =
    numberOf(ellipsoid.inverse_flattening) ??
    (semiMinor === undefined || semiMinor === major ? 0 : major / (major - semiMinor));
  const meridian = datum.prime_meridian as Json | undefined;
  const text = `DATUM[${quote(datum.name)},ELLIPSOID[${quote(ellipsoid.name)},${major},${inverse}]]`;
  return meridian === undefined ? text : `${text},PRIMEM[${quote(meridian.name)},${angle(meridian.longitude)}]`;
}

function conversionOf(conversion: Json | undefined): string | undefined {
  if (conversion === undefined) return undefined;
  const method = conversion.method as Json;
  return `CONVERSION[${quote(conversion.name)},METHOD[${quote(method.name)}],${list(conversion.parameters).map(parameterOf).join(",")}]`;
}

function transformationOf(transformation: Json | undefined): string | undefined {
  if (transformation === undefined) return undefined;
  return `ABRIDGEDTRANSFORMATION[${[quote(transformation.name), ...list(transformation.parameters).map(parameterOf)].join(",")}]`;
}

function parameterOf(parameter: Json): string {
  return `PARAMETER[${quote(parameter.name)},${Number(parameter.value)}${unitOf(parameter.unit)}]`;
}

function axesOf(system: Json | undefined): string[] {
  if (system === undefined) return [];
  return list(system.axis).map(
    (axis) => `AXIS[${quote(axis.name)},${String(axis.direction).replace(/\W/g, "")}${unitOf(axis.unit)}]`,
  );
}

/** A value that is a number of degrees, or an object with its unit. */
function angle(longitude: unknown): string {
  if (typeof longitude === "number") return `${longitude},${unitOf("degree").slice(1)}`;
  const { value, unit } = longitude as Json;
  return `${Number(value)}${unitOf(unit)}`;
}

function unitOf(unit: unknown): string {
  if (unit === undefined || unit === "unity") return "";
  if (unit === "metre") return ',LENGTHUNIT["metre",1]';
  if (unit === "degree") return ',ANGLEUNIT["degree",0.0174532925199433]';
  const { type, name, conversion_factor: factor } = unit as Json;
  const keyword = { AngularUnit: "ANGLEUNIT", LinearUnit: "LENGTHUNIT" }[String(type)] ?? "UNIT";
  return type === "ScaleUnit" ? "" : `,${keyword}[${quote(name)},${Number(factor)}]`;
}

function idOf({ id }: Json): string | undefined {
  if (id === undefined) return undefined;
  const { authority, code } = id as Json;
  return `ID[${quote(authority)},${quote(String(code))}]`;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function quote(text: unknown): string {
  return `"${String(text ?? "").replaceAll('"', '""')}"`;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
