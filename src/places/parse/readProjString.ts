import type { Ellipsoid, VerticalSystem } from "../model.js";
import { Registry } from "../registry/Registry.js";
import { axesOf, type RawCrs } from "./RawCrs.js";

/** PROJ's names of ellipsoids, with those of the EPSG Dataset, or their semi-major axis and inverse flattening. */
const ellipsoids: Readonly<Record<string, string | readonly [semiMajor: number, inverseFlattening: number]>> = {
  GRS80: "GRS 1980",
  WGS84: "WGS 84",
  WGS72: "WGS 72",
  WGS66: "WGS 66",
  WGS60: [6378165, 298.3],
  GRS67: "GRS 1967",
  bessel: "Bessel 1841",
  bess_nam: "Bessel Namibia (GLM)",
  intl: "International 1924",
  new_intl: [6378157.5, 298.249615],
  clrk66: "Clarke 1866",
  clrk80: "Clarke 1880 (RGS)",
  clrk80ign: "Clarke 1880 (IGN)",
  krass: "Krassowsky 1940",
  airy: "Airy 1830",
  mod_airy: "Airy Modified 1849",
  aust_SA: "Australian National Spheroid",
  helmert: "Helmert 1906",
  hough: "Hough 1960",
  IAU76: [6378140, 298.257],
  PZ90: "PZ-90",
  CGCS2000: "CGCS2000",
  GSK2011: "GSK-2011",
  danish: "Danish 1876",
  evrst30: "Everest 1830 (1937 Adjustment)",
  evrst48: "Everest 1830 Modified",
  evrst56: [6377301.243, 300.8017],
  evrst69: [6377295.664, 300.8017],
  evrstSS: "Everest 1830 (1967 Definition)",
  sphere: [6370997, 0],
};

/** PROJ's names of datums, with those of the EPSG Dataset. */
const datums: Readonly<Record<string, string>> = {
  WGS84: "World Geodetic System 1984 ensemble",
  NAD83: "North American Datum 1983",
  NAD27: "North American Datum 1927",
  potsdam: "Deutsches Hauptdreiecksnetz",
  carthage: "Carthage",
  hermannskogel: "Militar-Geographische Institut",
  ire65: "TM65",
  nzgd49: "New Zealand Geodetic Datum 1949",
  OSGB36: "Ordnance Survey of Great Britain 1936",
  GGRS87: "Greek Geodetic Reference System 1987",
};

/** PROJ's names of prime meridians, in degrees from Greenwich. */
const meridians: Readonly<Record<string, number>> = {
  greenwich: 0,
  lisbon: -9.131906111111,
  paris: 2.337229166667,
  bogota: -74.080916666667,
  madrid: -3.687938888889,
  rome: 12.452333333333,
  bern: 7.439583333333,
  jakarta: 106.807719444444,
  ferro: -17.666666666667,
  brussels: 4.367975,
  stockholm: 18.058277777778,
  athens: 23.7163375,
  oslo: 10.722916666667,
};

const metres: Readonly<Record<string, number>> = {
  m: 1,
  km: 1000,
  cm: 0.01,
  mm: 0.001,
  ft: 0.3048,
  "us-ft": 1200 / 3937,
  yd: 0.9144,
  "us-yd": 3600 / 3937,
  mi: 1609.344,
  "us-mi": 6336000 / 3937,
  kmi: 1852,
  link: 0.201168,
  "ind-ft": 0.30479841,
  "ind-yd": 0.91439523,
  fath: 1.8288,
  ch: 20.1168,
};

/** What a projection can have besides its name; the rest of a text is about the datum, the units and the axes. */
const projectionParameters = ["lat_0", "lat_1", "lat_2", "lat_ts", "lon_0", "lon_1", "lon_2", "lonc", "alpha", "gamma", "k", "k_0", "x_0", "y_0", "no_uoff", "h"]; // prettier-ignore

const projections = new Set(["aea", "aeqd", "bonne", "cass", "cea", "eck6", "eqc", "eqdc", "eqearth", "etmerc", "gnom", "gstmerc", "krovak", "laea", "lcc", "merc", "mill", "moll", "nzmg", "omerc", "ortho", "poly", "robin", "sinu", "somerc", "stere", "sterea", "tmerc", "vandg", "webmerc"]); // prettier-ignore

/** Projections with formulas for a sphere only. */
const spherical = new Set(["gnom", "ortho", "mill", "vandg"]);

const ignored = new Set([
  "no_defs",
  "type",
  "wktext",
  "over",
  "vunits",
  "vto_meter",
  "geoidgrids",
  "geoid_crs",
  "title",
]);

/** Whether a text is one for PROJ. */
export function isProjString(text: string): boolean {
  return /(^|\s)\+?(proj|init)=/.test(text);
}

/**
 * Reads a text for PROJ, such as `+proj=utm +zone=32 +ellps=GRS80`.
 * @returns an EPSG code where the text has nothing but that
 * @throws RangeError for one that cannot be understood
 */
export function readProjString(text: string): RawCrs | number {
  const values = valuesOf(text);
  const [, code] = /^epsg:(\d+)$/i.exec(values.get("init") ?? "") ?? [];
  if (code !== undefined) return codeAlone(Number(code), values);
  const proj = values.get("proj") ?? "";
  const isGeographic = ["longlat", "latlong", "lonlat", "latlon"].includes(proj);
  const isWeb = isWebMercator(proj, values);
  const projection = isGeographic ? undefined : projectionOf(proj, values);
  const datum = datumOf(values, isWeb);
  checkShape(proj, datum.ellipsoid);
  return {
    name: text.trim(),
    ...datum,
    meridian: meridianOf(values.get("pm")),
    projection: isWeb ? projection?.replace("merc", "webmerc") : projection,
    unit: isGeographic ? 1 : unitOf(values),
    axes: axesNamed(values.get("axis")),
    ...shiftOf(values),
    ...gridsOf(values),
    ...verticalOf(values),
    notes: [],
  };
}

/** The formulas of a sphere for the longitudes and latitudes of WGS 84. */
function isWebMercator(proj: string, values: ReadonlyMap<string, string>): boolean {
  return proj === "merc" && values.get("nadgrids") === "@null" && values.get("a") === values.get("b");
}

function checkShape(proj: string, { inverseFlattening }: Ellipsoid): void {
  if (spherical.has(proj) && inverseFlattening !== 0)
    throw new RangeError(`the projection "${proj}" is known on a sphere only`);
}

function codeAlone(code: number, values: ReadonlyMap<string, string>): number {
  const other = [...values.keys()].find((name) => name !== "init" && !ignored.has(name));
  if (other !== undefined) throw new RangeError(`+${other} beside +init is not understood`);
  return code;
}

/** Each parameter by its name; it counts where it stands first, as PROJ has it. */
function valuesOf(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/(?:^|\s)\+?([A-Za-z_]\w*)(?:\s*=\s*("[^"]*"|\S*))?/g)) {
    if (!isKnown(name)) throw new RangeError(`the parameter +${name} is not known`);
    if (!values.has(name)) values.set(name, value);
  }
  return values;
}

function axesNamed(axis = ""): string {
  return axesOf([axis.charAt(0), axis.charAt(1)].filter((letter) => letter !== "")) ?? "en";
}

function shiftOf(values: ReadonlyMap<string, string>): { shift?: number[] } {
  const shift = values.get("towgs84")?.split(",").map(Number);
  if (shift === undefined) return {};
  if (![3, 7].includes(shift.length) || !shift.every(Number.isFinite))
    throw new RangeError("+towgs84 needs three or seven numbers");
  return { shift };
}

function gridsOf(values: ReadonlyMap<string, string>): { grids?: string[] } {
  const names = (values.get("nadgrids") ?? "").split(",").map((name) => name.replace(/^@/, ""));
  const grids = names.filter((name) => name !== "" && name !== "null");
  return grids.length === 0 ? {} : { grids };
}

function isKnown(name: string): boolean {
  return ignored.has(name) || projectionParameters.includes(name) || others.includes(name);
}

const others = ["init", "proj", "zone", "south", "datum", "ellps", "a", "b", "rf", "f", "R", "towgs84", "nadgrids", "pm", "units", "to_meter", "axis", "approx", "czech"]; // prettier-ignore

function projectionOf(proj: string, values: ReadonlyMap<string, string>): string {
  if (proj === "utm") return utm(Number(values.get("zone")), values.has("south"));
  if (!projections.has(proj)) throw new RangeError(`the projection "${proj}" is not known`);
  const given = projectionParameters.flatMap((name) => {
    const value = values.get(name);
    if (value === undefined) return [];
    if (name === "no_uoff") return [name];
    if (value === "" || !Number.isFinite(Number(value))) throw new RangeError(`+${name} is not a number`);
    return [`${name}=${value}`];
  });
  const missing = defaultsOf(proj, values).filter(([name]) => !values.has(name));
  return [proj, ...given, ...missing.map(([name, value]) => `${name}=${value}`)].join(" ");
}

/** What PROJ takes where a text says nothing; proj4 answers NaN to some of these. */
function defaultsOf(proj: string, values: ReadonlyMap<string, string>): [name: string, value: string | number][] {
  const offsets: [string, number][] = [["x_0", 0], ["y_0", 0]]; // prettier-ignore
  if (proj === "krovak" || proj === "nzmg") return offsets;
  const isTangent = proj === "lcc" && !values.has("lat_2");
  const latitude: [string, string | number] = ["lat_0", isTangent ? (values.get("lat_1") ?? 0) : 0];
  return proj === "omerc" ? [latitude, ...offsets] : [latitude, ["lon_0", 0], ...offsets];
}

function utm(zone: number, isSouth: boolean): string {
  if (!(Number.isInteger(zone) && zone >= 1 && zone <= 60))
    throw new RangeError("+zone of UTM is a number from 1 to 60");
  return `tmerc k=0.9996 lat_0=0 lon_0=${6 * zone - 183} x_0=500000 y_0=${isSouth ? 10_000_000 : 0}`;
}

function datumOf(values: ReadonlyMap<string, string>, isWeb: boolean): { datumName?: string; ellipsoid: Ellipsoid } {
  const registry = Registry.get();
  const named = values.get("datum");
  if (named !== undefined || isWeb) {
    const datumName = isWeb ? datums.WGS84 : datums[named ?? ""];
    const [datum] = datumName === undefined ? [] : registry.datumsByName(datumName);
    if (datum === undefined) throw new RangeError(`the datum "${named}" is not known`);
    return { datumName, ellipsoid: datum.ellipsoid };
  }
  return { ellipsoid: ellipsoidOf(values) };
}

function ellipsoidOf(values: ReadonlyMap<string, string>): Ellipsoid {
  const radius = lengthOf(values, "R");
  if (radius !== undefined) return { name: "a sphere", semiMajor: radius, inverseFlattening: 0 };
  const semiMajor = lengthOf(values, "a");
  if (semiMajor === undefined) return namedEllipsoid(values.get("ellps") ?? "GRS80"); // PROJ's own default
  return { name: "of its own", semiMajor, inverseFlattening: shapeOf(values, semiMajor) };
}

function namedEllipsoid(name: string): Ellipsoid {
  const shape = ellipsoids[name] ?? name;
  if (typeof shape !== "string") return { name, semiMajor: shape[0], inverseFlattening: shape[1] };
  const known = Registry.get().ellipsoidByName(shape);
  if (known === undefined) throw new RangeError(`the ellipsoid "${name}" is not known`);
  return known;
}

/** The inverse flattening. An ellipsoid that is named beside its size has its shape from the name. */
function shapeOf(values: ReadonlyMap<string, string>, semiMajor: number): number {
  const [inverse, flattening, semiMinor] = ["rf", "f", "b"].map((name) => lengthOf(values, name));
  if (inverse !== undefined) return inverse;
  if (flattening !== undefined) return 1 / flattening;
  const name = values.get("ellps");
  if (semiMinor === undefined && name !== undefined) return namedEllipsoid(name).inverseFlattening;
  return inverseOf(semiMajor, semiMinor);
}

function lengthOf(values: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === "" || !(value > 0)) throw new RangeError(`+${name} is not a number above zero`);
  return value;
}

function inverseOf(semiMajor: number, semiMinor = semiMajor): number {
  return semiMajor === semiMinor ? 0 : semiMajor / (semiMajor - semiMinor);
}

function meridianOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const meridian = meridians[text.toLowerCase()] ?? Number(text);
  if (!Number.isFinite(meridian)) throw new RangeError(`the prime meridian "${text}" is not known`);
  return meridian;
}

function unitOf(values: ReadonlyMap<string, string>): number {
  const factor = values.get("to_meter");
  const name = values.get("units");
  const unit = factor !== undefined ? fraction(factor) : metres[name ?? "m"];
  if (unit === undefined || !(unit > 0)) throw new RangeError(`the unit "${factor ?? name}" is not known`);
  return unit;
}

function fraction(text: string): number {
  const [above = NaN, below = 1] = text.split("/").map(Number);
  return above / below;
}

function verticalOf(values: ReadonlyMap<string, string>): { vertical?: VerticalSystem } {
  const unit = values.get("vunits");
  if (unit === undefined && !values.has("vto_meter") && !values.has("geoidgrids")) return {};
  const metresPerUnit = values.has("vto_meter") ? fraction(values.get("vto_meter") ?? "") : metres[unit ?? "m"];
  if (metresPerUnit === undefined) throw new RangeError(`the unit "${unit}" is not known`);
  const isEllipsoidal = !values.has("geoidgrids");
  return {
    vertical: {
      name: isEllipsoidal ? "height" : "height above the geoid",
      metresPerUnit,
      isDown: false,
      isEllipsoidal,
    },
  };
}
