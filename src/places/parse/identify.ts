import { ownShift, type CrsDefinition, type CrsNote, type Datum, type Ellipsoid } from "../model.js";
import { everywhere } from "../datum/chooseShift.js";
import { normalize } from "../registry/names.js";
import { Registry } from "../registry/Registry.js";
import type { RawCrs } from "./RawCrs.js";

/** A datum that is not known, so that positions may be hundreds of metres off. */
export class UnknownDatum extends Error {
  public constructor(
    public readonly datumName: string | undefined,
    public readonly ellipsoid: Ellipsoid,
  ) {
    super(`its datum ${datumName === undefined ? "is not named" : `"${datumName}" is not known`}`);
  }
}

/**
 * Finds out what datum a system has: by the registry's system of the same name or code, by the name of the datum, or by the
 * registered systems that have the same projection and ellipsoid.
 * @param allowUnknownDatum - whether a datum that is not known is taken for WGS 84
 * @throws UnknownDatum
 */
export function identify(raw: RawCrs, allowUnknownDatum: boolean): CrsDefinition {
  const same = findSame(raw);
  const { name, projection, unit, vertical } = raw;
  const { datum, notes: ofDatum } = datumOf(raw, same, allowUnknownDatum);
  const area = same?.area ?? areaByGeographic(raw);
  const axes = raw.axes ?? same?.axes ?? "en";
  const notes = [...raw.notes, ...ofDatum, ...otherCode(raw, same)];
  const own = { name, projection, unit, axes, datum, notes, area, vertical };
  return same?.datum === datum && same.axes === axes ? { ...own, code: same.code } : own;
}

/** The registered system with the code or the name of the text, if it is the same system. */
function findSame(raw: RawCrs): CrsDefinition | undefined {
  const registry = Registry.get();
  const named = [raw.code === undefined ? undefined : registry.byCode(raw.code), registry.byName(raw.name)];
  return named.find((known) => known !== undefined && isSame(raw, known) && !isOtherDatum(raw, known.datum));
}

/** Whether a text names another datum that is known. Esri has one name for a datum with two prime meridians. */
function isOtherDatum({ datumName }: RawCrs, datum: Datum): boolean {
  const named = datumName === undefined ? [] : Registry.get().datumsByName(datumName);
  const isIt = (each: Datum) =>
    each === datum || (each.meridian !== datum.meridian && normalize(datum.name).startsWith(normalize(each.name)));
  return named.length > 0 && !named.some(isIt);
}

/** A text with the code of another system is taken for what it describes. */
function otherCode({ code }: RawCrs, same: CrsDefinition | undefined): CrsNote[] {
  const known = code === undefined || same?.code === code ? undefined : Registry.get().byCode(code);
  if (known === undefined) return [];
  const message = `The text has the code EPSG:${code}, but does not describe "${known.name}". What it describes is used, not the code.`;
  return [{ key: "other-code", message }];
}

function isSame(raw: RawCrs, known: CrsDefinition): boolean {
  return (
    isSameEllipsoid(raw.ellipsoid, known.datum.ellipsoid) &&
    isSameMeridian(raw.meridian, known.datum.meridian) &&
    Math.abs(raw.unit / known.unit - 1) < 1e-7 &&
    isSameProjection(raw.projection, known.projection)
  );
}

/** Tokyo 1892 is said to count from Greenwich, and is some seconds beside it in truth. */
function isSameMeridian(said: number, known: number): boolean {
  return Math.abs(said - known) < 1e-6 || (said === 0 && Math.abs(known) < 0.01);
}

export function isSameEllipsoid(left: Ellipsoid, right: Ellipsoid): boolean {
  const isRound = left.inverseFlattening === 0 || right.inverseFlattening === 0;
  const difference = Math.abs(left.inverseFlattening - right.inverseFlattening);
  return Math.abs(left.semiMajor - right.semiMajor) < 0.2 && (isRound ? difference === 0 : difference < 1e-3);
}

/** GRS 80 and WGS 84: what is measured on them differs by two metres at most, whatever the datum is. */
export function isModern({ semiMajor, inverseFlattening }: Ellipsoid): boolean {
  return semiMajor === 6378137 && Math.abs(inverseFlattening - 298.25722) < 1e-4;
}

/** Whether two texts for proj4 say the same, within a millimetre. */
function isSameProjection(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  const [first, second] = [parametersOf(left), parametersOf(right)];
  if (first.projection !== second.projection) return false;
  const names = new Set([...first.values.keys(), ...second.values.keys()]);
  return [...names].every((name) => {
    const [a, b] = [first, second].map(({ values }) => values.get(name) ?? (name === "k" ? 1 : 0));
    const tolerance = name.endsWith("_0") && !/^(lat|lon)/.test(name) ? 1e-3 : 1e-8;
    return Math.abs((a ?? 0) - (b ?? 0)) <= tolerance;
  });
}

function parametersOf(text: string): { projection: string | undefined; values: Map<string, number> } {
  const [projection, ...rest] = text.split(" ");
  const values = new Map(
    rest.map((part) => {
      const [name = "", value = "1"] = part.split("=");
      return [name === "k_0" ? "k" : name, Number(value)] as const;
    }),
  );
  // A cone of two equal parallels, or of one and the same latitude of origin.
  if (projection === "lcc" && !values.has("lat_2")) values.set("lat_2", values.get("lat_1") ?? 0);
  return { projection, values };
}

interface FoundDatum {
  readonly datum: Datum;
  readonly notes: readonly CrsNote[];
}

function datumOf(raw: RawCrs, same: CrsDefinition | undefined, allowUnknownDatum: boolean): FoundDatum {
  const known = same?.datum ?? namedDatum(raw) ?? datumByParameters(raw);
  if (raw.grids !== undefined) return { datum: withGrids(known ?? ownDatum(raw), raw.grids), notes: [] };
  if (raw.shift !== undefined) return withShift(raw, known);
  return known === undefined ? unknownDatum(raw, allowUnknownDatum) : { datum: known, notes: [] };
}

function unknownDatum(raw: RawCrs, allowUnknownDatum: boolean): FoundDatum {
  const datum = ownDatum(raw);
  if (isModern(raw.ellipsoid)) return { datum, notes: [] };
  if (!allowUnknownDatum) throw new UnknownDatum(raw.datumName, raw.ellipsoid);
  const name = raw.datumName === undefined ? "" : `"${raw.datumName}" `;
  const message = `The datum ${name}is not known, and is taken for WGS 84; positions may be hundreds of metres off.`;
  return { datum, notes: [{ key: "unknown-datum", message }] };
}

/** By its name or that of the geographic system, if the registry has it with the same ellipsoid and prime meridian. */
function namedDatum({ datumName, geographicCode, name, ellipsoid, meridian }: RawCrs): Datum | undefined {
  const registry = Registry.get();
  const byCode = geographicCode === undefined ? undefined : registry.byCode(geographicCode)?.datum;
  const byName = datumName === undefined ? [] : registry.datumsByName(datumName);
  for (const datum of [...byName, byCode, ...registry.datumsByName(name)])
    if (datum !== undefined && isSameEllipsoid(datum.ellipsoid, ellipsoid)) return withMeridian(datum, meridian);
  return undefined;
}

/** A datum with another prime meridian is shifted in the same way. */
function withMeridian(datum: Datum, meridian: number): Datum {
  return isSameMeridian(meridian, datum.meridian) ? datum : { ...datum, meridian };
}

/** The datum that all registered systems have whose projection and ellipsoid are those of the text. */
function datumByParameters(raw: RawCrs): Datum | undefined {
  if (raw.projection === undefined || isModern(raw.ellipsoid)) return undefined;
  const [method = ""] = raw.projection.split(" ", 1);
  const registry = Registry.get();
  const found = new Set<Datum>();
  for (const code of registry.codes) {
    const known = registry.byCode(code);
    if (known?.projection?.startsWith(`${method} `) === true && isSame(raw, known)) found.add(known.datum);
  }
  return found.size === 1 ? [...found][0] : undefined;
}

function ownDatum({ datumName = "", ellipsoid, meridian }: RawCrs): Datum {
  return { name: datumName, ellipsoid, meridian, shifts: [], grids: [] };
}

/** The shift that the text has itself; where it is far from the published one, there is a note. */
function withShift(raw: RawCrs, known: Datum | undefined): FoundDatum {
  const values = raw.shift ?? [];
  const own = known ?? ownDatum(raw);
  const shift = { code: ownShift, area: everywhere, values, isOffshore: false };
  const published = own.shifts.find((each) => isSameShift(each.values, values));
  const datum = { ...own, meridian: raw.meridian, shifts: [{ ...shift, accuracy: published?.accuracy }], grids: [] };
  const [first] = own.shifts;
  if (first === undefined || published !== undefined) return { datum, notes: [] };
  const message = `The coordinate system has a shift to WGS 84 of its own (${values.join(", ")}), which is used; published for its datum "${own.name}" are others, such as ${first.values.join(", ") || "none"}.`;
  return { datum, notes: [{ key: "other-shift", message }] };
}

function isSameShift(left: readonly number[], right: readonly number[]): boolean {
  return [0, 1, 2, 3, 4, 5, 6].every((index) => {
    const tolerance = index < 3 ? 0.5 : 0.02;
    return Math.abs((left[index] ?? 0) - (right[index] ?? 0)) <= tolerance;
  });
}

function withGrids(datum: Datum, names: readonly string[]): Datum {
  return { ...datum, grids: names.map((name) => ({ name: name.toLowerCase(), area: everywhere })) };
}

function areaByGeographic({ geographicCode }: RawCrs): CrsDefinition["area"] {
  return geographicCode === undefined ? undefined : Registry.get().byCode(geographicCode)?.area;
}
