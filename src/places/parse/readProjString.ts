import type { Ellipsoid, VerticalSystem } from "../model.js";
import { Registry } from "../registry/Registry.js";
import { axesOf, type RawCrs } from "./RawCrs.js";

/** PROJ's names of ellipsoids, with those of the EPSG Dataset. */
const ellipsoids: Readonly<Record<string, string>> = {
  GRS80: "GRS 1980",
  WGS84: "WGS 84",
  WGS72: "WGS 72",
  GRS67: "GRS 1967",
  bessel: "Bessel 1841",
  bess_nam: "Bessel Namibia (GLM)",
  intl: "International 1924",
  clrk66: "Clarke 1866",
  clrk80: "Clarke 1880 (RGS)",
  clrk80ign: "Clarke 1880 (IGN)",
  krass: "Krassowsky 1940",
  airy: "Airy 1830",
  mod_airy: "Airy Modified 1849",
  aust_SA: "Australian National Spheroid",
  helmert: "Helmert 1906",
  hough: "Hough 1960",
  evrst30: "Everest 1830 (1937 Adjustment)",
  evrstSS: "Everest 1830 (1967 Definition)",
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

const projections = new Set(["aea", "aeqd", "bonne", "cass", "cea", "eck6", "eqc", "eqdc", "eqearth", "equi", "etmerc", "gauss", "gnom", "gstmerc", "krovak", "laea", "lcc", "merc", "mill", "moll", "nzmg", "omerc", "ortho", "poly", "robin", "sinu", "somerc", "stere", "sterea", "tmerc", "vandg", "webmerc"]); // prettier-ignore

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
 * @throws RangeError for one that cannot be understood
 */
export function readProjString(text: string): RawCrs | number {
  const values = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/\+?([A-Za-z_]\w*)(?:=("[^"]*"|\S*))?/g))
    values.set(name, value);
  const [, code] = /^epsg:(\d+)$/i.exec(values.get("init") ?? "") ?? [];
  if (code !== undefined) return Number(code);
  const proj = values.get("proj") ?? "";
  const isGeographic = ["longlat", "latlong", "lonlat", "latlon"].includes(proj);
  const projection = isGeographic ? undefined : projectionOf(proj, values);
  for (const name of values.keys()) if (!isKnown(name)) throw new RangeError(`the parameter +${name} is not known`);
  const isWeb = proj === "merc" && values.get("nadgrids") === "@null" && values.get("a") === values.get("b");
  const grids = values
    .get("nadgrids")
    ?.split(",")
    .map((name) => name.replace(/^@/, ""))
    .filter((name) => name !== "null");
  const shift = values.get("towgs84")?.split(",").map(Number);
  return {
    name: text.trim(),
    ...datumOf(values, isWeb),
    meridian: meridianOf(values.get("pm")),
    projection: isWeb ? projection?.replace("merc", "webmerc") : projection,
    unit: isGeographic ? 1 : unitOf(values),
    axes: axesOf(axisNames(values.get("axis"))),
    ...(shift !== undefined && { shift }),
    ...(grids !== undefined && grids.length > 0 && { grids }),
    ...verticalOf(values),
    notes: [],
  };
}

function isKnown(name: string): boolean {
  const others = ["proj", "zone", "south", "datum", "ellps", "a", "b", "rf", "f", "R", "towgs84", "nadgrids", "pm", "units", "to_meter", "axis", "approx", "czech"]; // prettier-ignore
  return ignored.has(name) || projectionParameters.includes(name) || others.includes(name);
}

function projectionOf(proj: string, values: ReadonlyMap<string, string>): string {
  if (proj === "utm") return utm(Number(values.get("zone")), values.has("south"));
  if (!projections.has(proj)) throw new RangeError(`the projection "${proj}" is not known`);
  const given = projectionParameters.flatMap((name) => {
    const value = values.get(name);
    if (value === undefined) return [];
    if (value === "") return [name];
    return [`${name}=${value}`];
  });
  return [proj, ...given].join(" ");
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
    const datum = datumName === undefined ? undefined : registry.datumByName(datumName);
    if (datum === undefined) throw new RangeError(`the datum "${named}" is not known`);
    return { datumName, ellipsoid: datum.ellipsoid };
  }
  return { ellipsoid: ellipsoidOf(values) };
}

function ellipsoidOf(values: ReadonlyMap<string, string>): Ellipsoid {
  const number = (name: string) => (values.has(name) ? Number(values.get(name)) : undefined);
  const radius = number("R");
  const semiMajor = radius ?? number("a");
  if (semiMajor !== undefined) {
    const semiMinor = radius ?? number("b");
    const flattening = number("f");
    const inverse = number("rf") ?? (flattening !== undefined ? 1 / flattening : inverseOf(semiMajor, semiMinor));
    return { name: "of its own", semiMajor, inverseFlattening: inverse };
  }
  const name = values.get("ellps") ?? "GRS80"; // PROJ's own default
  const known = Registry.get().ellipsoidByName(ellipsoids[name] ?? name);
  if (known === undefined) throw new RangeError(`the ellipsoid "${name}" is not known`);
  return known;
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

function axisNames(axis: string | undefined): string[] {
  return axis === undefined ? [] : [...axis];
}
