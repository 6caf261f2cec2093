import type { CrsNote } from "../model.js";

/** A projection as WKT or PROJJSON has it: angles in degrees, lengths in metres. */
export interface RawProjection {
  readonly method: string;
  /** Whether the ellipsoid is a sphere. */
  readonly isSphere: boolean;
  /** By name, without case and marks: `falseeasting`. */
  readonly parameters: ReadonlyMap<string, number>;
}

/** What a method needs, by the parameter of proj4. */
interface Method {
  readonly projection: string;
  readonly needs: readonly ParameterName[];
  /** Parameters without which there is no such projection. */
  readonly required?: readonly ParameterName[];
  /** Always added. */
  readonly fixed?: string;
  /** Where the axes point unless the text says it. */
  readonly axes?: string;
  /** Whether only the formulas of a sphere are at hand. */
  readonly isSpherical?: boolean;
}

/** Names of parameters in WKT 1 of OGC and of Esri, and in WKT 2, without case and marks. */
const parameterNames = {
  lat_0: [
    "latitudeoforigin",
    "latitudeofcenter",
    "latitudeofcentre",
    "latitudeofnaturalorigin",
    "latitudeoffalseorigin",
    "latitudeofprojectioncentre",
    "centralparallel",
  ],
  lon_0: [
    "centralmeridian",
    "longitudeoforigin",
    "longitudeofcenter",
    "longitudeofcentre",
    "longitudeofnaturalorigin",
    "longitudeoffalseorigin",
    "longitudeofprojectioncentre",
    "straightverticallongitudefrompole",
  ],
  lonc: ["longitudeofcenter", "longitudeofcentre", "longitudeofprojectioncentre", "centralmeridian"],
  lat_1: ["standardparallel1", "latitudeof1ststandardparallel", "latitudeofstandardparallel"],
  lat_2: ["standardparallel2", "latitudeof2ndstandardparallel"],
  lat_ts: ["standardparallel1", "latitudeof1ststandardparallel", "latitudeofstandardparallel", "latitudeoforigin"],
  k: [
    "scalefactor",
    "scalefactoratnaturalorigin",
    "scalefactoroninitialline",
    "scalefactoratprojectioncentre",
    "scalefactoronpseudostandardparallel",
  ],
  k_0: ["scalefactor", "scalefactoratnaturalorigin", "scalefactoroninitialline", "ellipsoidscalingfactor"],
  alpha: ["azimuth", "azimuthofinitialline", "azimuthatprojectioncentre"],
  gamma: ["rectifiedgridangle", "anglefromrectifiedtoskewgrid", "xyplanerotation"],
  x_0: ["falseeasting", "eastingatfalseorigin", "eastingatprojectioncentre"],
  y_0: ["falsenorthing", "northingatfalseorigin", "northingatprojectioncentre"],
} as const;

type ParameterName = keyof typeof parameterNames;

const origin = ["lat_0", "lon_0", "x_0", "y_0"] as const;
const transverse: Method = { projection: "tmerc", needs: ["k", ...origin] };
const transverseSouth: Method = { ...transverse, axes: "ws" };
const cone1: Method = { projection: "lcc", needs: ["k_0", ...origin] };
const cone2: Method = {
  projection: "lcc",
  needs: ["lat_1", "lat_2", "k_0", ...origin],
  required: ["lat_1", "lat_2"],
};
const mercator: Method = { projection: "merc", needs: ["k", "lon_0", "x_0", "y_0"] };
const stereographic: Method = { projection: "sterea", needs: ["k", ...origin] };
const oblique: readonly ParameterName[] = ["lat_0", "lonc", "alpha", "gamma", "k", "x_0", "y_0"];

/** By name, without case and marks, in all dialects. */
const methods: Readonly<Record<string, Method>> = {
  transversemercator: transverse,
  gausskruger: transverse,
  transversemercatorsouthorientated: transverseSouth,
  transversemercatorsouthoriented: transverseSouth,
  transversemercatorcomplex: transverse,
  lambertconformalconic1sp: cone1,
  lambertconicconformal1sp: cone1,
  lambertconformalconic2sp: cone2,
  lambertconicconformal2sp: cone2,
  lambertconicconformal2spmichigan: cone2,
  lambertconicconformal2spbelgium: cone2,
  lambertconformalconic2spbelgium: cone2,
  mercator1sp: mercator,
  mercatorvarianta: mercator,
  mercator2sp: { projection: "merc", needs: ["lat_ts", "lon_0", "x_0", "y_0"], required: ["lat_ts"] },
  mercatorvariantb: { projection: "merc", needs: ["lat_ts", "lon_0", "x_0", "y_0"], required: ["lat_ts"] },
  popularvisualisationpseudomercator: { projection: "webmerc", needs: ["lon_0", "x_0", "y_0"] },
  obliquestereographic: stereographic,
  doublestereographic: stereographic,
  albersconicequalarea: { projection: "aea", needs: ["lat_1", "lat_2", ...origin], required: ["lat_1", "lat_2"] },
  albersequalarea: { projection: "aea", needs: ["lat_1", "lat_2", ...origin], required: ["lat_1", "lat_2"] },
  albers: { projection: "aea", needs: ["lat_1", "lat_2", ...origin], required: ["lat_1", "lat_2"] },
  lambertazimuthalequalarea: { projection: "laea", needs: origin },
  lambertazimuthalequalareaspherical: { projection: "laea", needs: origin },
  cassinisoldner: { projection: "cass", needs: origin },
  cassini: { projection: "cass", needs: origin },
  polyconic: { projection: "poly", needs: origin },
  americanpolyconic: { projection: "poly", needs: origin },
  newzealandmapgrid: { projection: "nzmg", needs: origin },
  azimuthalequidistant: { projection: "aeqd", needs: origin },
  equidistantconic: { projection: "eqdc", needs: ["lat_1", "lat_2", ...origin], required: ["lat_1", "lat_2"] },
  sinusoidal: { projection: "sinu", needs: ["lon_0", "x_0", "y_0"] },
  mollweide: { projection: "moll", needs: ["lon_0", "x_0", "y_0"] },
  robinson: { projection: "robin", needs: ["lon_0", "x_0", "y_0"] },
  vandergrinten: { projection: "vandg", needs: ["lon_0", "x_0", "y_0"], isSpherical: true },
  vandergrinteni: { projection: "vandg", needs: ["lon_0", "x_0", "y_0"], isSpherical: true },
  millercylindrical: { projection: "mill", needs: ["lon_0", "x_0", "y_0"], isSpherical: true },
  equalearth: { projection: "eqearth", needs: ["lon_0", "x_0", "y_0"] },
  eckertvi: { projection: "eck6", needs: ["lon_0", "x_0", "y_0"] },
  gnomonic: { projection: "gnom", needs: origin, isSpherical: true },
  orthographic: { projection: "ortho", needs: origin, isSpherical: true },
  equirectangular: { projection: "eqc", needs: ["lat_ts", "lon_0", "x_0", "y_0"] },
  equidistantcylindrical: { projection: "eqc", needs: ["lat_ts", "lon_0", "x_0", "y_0"] },
  equidistantcylindricalspherical: { projection: "eqc", needs: ["lat_ts", "lon_0", "x_0", "y_0"] },
  platecarree: { projection: "eqc", needs: ["lat_ts", "lon_0", "x_0", "y_0"] },
  behrmann: { projection: "cea", needs: ["lon_0", "x_0", "y_0"], fixed: "lat_ts=30" },
  cylindricalequalarea: { projection: "cea", needs: ["lat_ts", "lon_0", "x_0", "y_0"] },
  lambertcylindricalequalarea: { projection: "cea", needs: ["lat_ts", "lon_0", "x_0", "y_0"] },
  lambertcylindricalequalareaspherical: { projection: "cea", needs: ["lat_ts", "lon_0", "x_0", "y_0"] },
  hotineobliquemercator: { projection: "omerc", needs: oblique, required: ["alpha"], fixed: "no_uoff" },
  hotineobliquemercatorvarianta: { projection: "omerc", needs: oblique, required: ["alpha"], fixed: "no_uoff" },
  hotineobliquemercatorazimuthnaturalorigin: {
    projection: "omerc",
    needs: oblique,
    required: ["alpha"],
    fixed: "no_uoff",
  },
  rectifiedskeworthomorphicnaturalorigin: {
    projection: "omerc",
    needs: oblique,
    required: ["alpha"],
    fixed: "no_uoff",
  },
  obliquemercator: { projection: "omerc", needs: oblique, required: ["alpha"] },
  hotineobliquemercatorvariantb: { projection: "omerc", needs: oblique, required: ["alpha"] },
  hotineobliquemercatorazimuthcenter: { projection: "omerc", needs: oblique, required: ["alpha"] },
  rectifiedskeworthomorphiccenter: { projection: "omerc", needs: oblique, required: ["alpha"] },
  swissobliquemercator: { projection: "somerc", needs: ["k_0", ...origin] },
  swissobliquecylindrical: { projection: "somerc", needs: ["k_0", ...origin] },
  krovak: { projection: "krovak", needs: ["k", ...origin], axes: "sw" },
  krovaknorthorientated: { projection: "krovak", needs: ["k", ...origin] },
};

/** What a method is in proj4. */
export interface KnownProjection {
  readonly text: string;
  /** Where the axes point unless the text says it. */
  readonly axes: string;
  readonly notes: readonly CrsNote[];
}

/**
 * A projection as a text for proj4. Parameters that are missing get the value that the standards have for them, and a note.
 * @throws RangeError for a method that is not known, or parameters without which it makes no sense
 */
export function projectionOf(raw: RawProjection): KnownProjection {
  const { method, parameters, isSphere } = raw;
  const known = methodOf(method, parameters);
  if (known === undefined) throw new RangeError(`the projection "${method}" is not known`);
  if (known.isSpherical === true && !isSphere)
    throw new RangeError(`the projection "${method}" is known on a sphere only, and the Earth of its datum is none`);
  const { projection, fixed, axes = "en" } = known;
  const { texts, missing } = writeParameters(known, parameters);
  const text = [projection, ...(fixed === undefined ? [] : [fixed]), ...texts].join(" ");
  return { text, axes, notes: notesOf(missing) };
}

function writeParameters({ projection, needs, required = [] }: Method, parameters: ReadonlyMap<string, number>) {
  const missing: string[] = [];
  const texts = needs.map((name) => {
    const value = valueOf(name, parameters);
    if (value === undefined && required.includes(name))
      throw new RangeError(`the projection lacks its parameter ${wktNames[name]}`);
    if (value !== undefined && isScale(name) && !(value > 0.5 && value < 2))
      throw new RangeError(`its ${wktNames[name]} of ${value} cannot be right`);
    if (value === undefined && !optional.has(name)) missing.push(wktNames[name]);
    return `${name}=${written(name, value ?? defaultOf(name, parameters))}`;
  });
  // A cone that touches the Earth has one parallel, which is the latitude of its origin unless the text has both.
  if (projection === "lcc" && !needs.includes("lat_1"))
    texts.push(`lat_1=${valueOf("lat_1", parameters) ?? valueOf("lat_0", parameters) ?? 0}`);
  return { texts, missing };
}

/** Esri counts azimuths from -180 to 180 degrees; proj4 is right for those from 0 to 360 only. */
function written(name: ParameterName, value: number): number {
  return (name === "alpha" || name === "gamma") && value < 0 ? value + 360 : value;
}

/** Esri and GDAL have one name for several kinds of some projections: the parameters tell which. */
const ambiguous: Readonly<Record<string, (parameters: ReadonlyMap<string, number>) => Method | undefined>> = {
  lambertconformalconic: (parameters) => (valueOf("lat_2", parameters) === undefined ? cone1 : cone2),
  mercator: (parameters) => (valueOf("lat_1", parameters) === undefined ? mercator : methods.mercator2sp),
  mercatorauxiliarysphere: (parameters) =>
    (parameters.get("auxiliaryspheretype") ?? 0) === 0 ? methods.popularvisualisationpseudomercator : undefined,
  stereographic: (parameters) => (isAtPole(parameters) ? polar("", parameters) : stereographicAnywhere),
  polarstereographic: (parameters) => polar("", parameters),
  polarstereographicvarianta: (parameters) => polar("", parameters),
  polarstereographicvariantb: (parameters) => polar("", parameters),
  stereographicnorthpole: (parameters) => polar("north", parameters),
  stereographicsouthpole: (parameters) => polar("south", parameters),
  bonne: (parameters) => bonne(valueOf("lat_1", parameters) ?? valueOf("lat_0", parameters)),
  krovak: (parameters) => (parameters.get("xscale") === -1 ? methods.krovaknorthorientated : methods.krovak),
};

function methodOf(method: string, parameters: ReadonlyMap<string, number>): Method | undefined {
  const name = keyOf(method);
  const choose = ambiguous[name];
  if (choose !== undefined) return choose(parameters);
  const found = methods[name];
  return found?.projection === "omerc" && isSwiss(found, parameters) ? methods.swissobliquemercator : found;
}

function isAtPole(parameters: ReadonlyMap<string, number>): boolean {
  return Math.abs(valueOf("lat_0", parameters) ?? 0) === 90;
}

function bonne(parallel: number | undefined): Method | undefined {
  return parallel === undefined
    ? undefined
    : { projection: "bonne", needs: ["lon_0", "x_0", "y_0"], fixed: `lat_1=${parallel}` };
}

const stereographicAnywhere: Method = { projection: "stere", needs: ["k", ...origin] };

/** Swiss maps are an oblique Mercator with an azimuth of 90 degrees, for which there is a form of its own. */
function isSwiss({ fixed }: Method, parameters: ReadonlyMap<string, number>): boolean {
  const skew = valueOf("gamma", parameters) ?? 90;
  return fixed === undefined && valueOf("alpha", parameters) === 90 && skew === 90;
}

/** At a pole, the scale is given there, or at a parallel. */
function polar(pole: "north" | "south" | "", parameters: ReadonlyMap<string, number>): Method {
  const parallel = valueOf("lat_1", parameters);
  const latitude = valueOf("lat_0", parameters);
  if (parallel === undefined && latitude === undefined && pole === "")
    throw new RangeError("the projection does not say which pole it is about");
  const isAtParallel = parallel !== undefined || (latitude !== undefined && !isAtPole(parameters));
  const isSouth = pole === "" ? (parallel ?? latitude ?? 0) < 0 : pole === "south";
  return isSouth ? polarMethod(-90, isAtParallel) : polarMethod(90, isAtParallel);
}

function polarMethod(latitude: number, isAtParallel: boolean): Method {
  return {
    projection: "stere",
    needs: [isAtParallel ? "lat_ts" : "k", "lon_0", "x_0", "y_0"],
    fixed: `lat_0=${latitude}`,
  };
}

function valueOf(name: ParameterName, parameters: ReadonlyMap<string, number>): number | undefined {
  for (const known of parameterNames[name]) {
    const value = parameters.get(known);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Programs leave these out where they are 1 or follow from others. */
const optional: ReadonlySet<ParameterName> = new Set(["k", "k_0", "gamma", "lat_ts"]);

function isScale(name: ParameterName): boolean {
  return name === "k" || name === "k_0";
}

function defaultOf(name: ParameterName, parameters: ReadonlyMap<string, number>): number {
  if (isScale(name)) return 1;
  return name === "gamma" ? (valueOf("alpha", parameters) ?? 0) : 0;
}

const wktNames: Readonly<Record<ParameterName, string>> = {
  lat_0: "latitude_of_origin",
  lon_0: "central_meridian",
  lonc: "longitude_of_center",
  lat_1: "standard_parallel_1",
  lat_2: "standard_parallel_2",
  lat_ts: "standard_parallel_1",
  k: "scale_factor",
  k_0: "scale_factor",
  alpha: "azimuth",
  gamma: "rectified_grid_angle",
  x_0: "false_easting",
  y_0: "false_northing",
};

function notesOf(missing: readonly string[]): CrsNote[] {
  if (missing.length === 0) return [];
  const names = missing.join(", ");
  return [
    {
      key: "missing-parameter",
      message: `The coordinate system does not say its ${names}; 0 is taken, as the standards have it.`,
    },
  ];
}

/** A name without case and marks. */
export function keyOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
