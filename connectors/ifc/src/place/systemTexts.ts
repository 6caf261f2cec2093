import type { CrsNames } from "../model/records.js";

/** A text that can name a coordinate system, and whether it was put together from several attributes. */
export interface SystemText {
  readonly text: string;
  readonly isGuessed: boolean;
}

/** The texts by which a file may name its coordinate system, the most certain first. */
export function systemTexts({ name, wkt, datum, projection, zone }: CrsNames): SystemText[] {
  const named = [name, wkt, ...(name === undefined ? [] : partsOf(name))];
  const texts = named.filter((text): text is string => text !== undefined && text !== "");
  const guessed = zoned(datum ?? name ?? "", projection ?? "", zone ?? "");
  return [
    ...[...new Set(texts)].map((text) => ({ text, isGuessed: false })),
    ...(guessed === undefined ? [] : [{ text: guessed, isGuessed: true }]),
  ];
}

/** The code in `EPSG:25832 - ETRS89 / UTM zone 32N`; the horizontal part of `EPSG:25832+7837`. */
function partsOf(name: string): (string | undefined)[] {
  if (/[[{]|\+proj/.test(name)) return []; // a description, in which there are codes of its parts
  const [, code] = /\bEPSG\D{0,3}(\d{4,6})(?!\d)/i.exec(name) ?? [];
  const [horizontal = ""] = name.split("+");
  return [code === undefined ? undefined : `EPSG:${code}`, horizontal.trim()];
}

/** Datums as programs write them, with the beginning of the names in the EPSG Dataset. */
const datums: readonly (readonly [RegExp, string])[] = [
  [/ETRS|EPSG::?(6258|4258)\b/i, "ETRS89"],
  [/WGS|EPSG::?(6326|4326)\b/i, "WGS 84"],
  [/NAD[ _]?(19)?83|EPSG::?(6269|4269)\b/i, "NAD83"],
  [/NAD[ _]?(19)?27/i, "NAD27"],
  [/\bED[ _]?(19)?50/i, "ED50"],
  [/GDA[ _]?20(20)?/i, "GDA2020"],
  [/GDA[ _]?(19)?94/i, "GDA94"],
  [/SIRGAS[ _]?2000/i, "SIRGAS 2000"],
  [/DHDN/i, "DHDN"],
];

/** `UTM` and `32N` with a datum are the name of a system. */
function zoned(datum: string, projection: string, zone: string): string | undefined {
  const known = datums.find(([pattern]) => pattern.test(datum))?.[1];
  const [, number, hemisphere = "N"] =
    /(\d{1,2})\s*([NS])?/i.exec(zone) ?? /(\d{1,2})\s*([NS])?\b/i.exec(projection) ?? [];
  if (known === undefined || number === undefined) return undefined;
  if (/\bMGA|map grid of australia/i.test(projection)) return `${known} / MGA zone ${Number(number)}`;
  if (/UTM|universal transverse/i.test(projection))
    return `${known} / UTM zone ${Number(number)}${hemisphere.toUpperCase()}`;
  if (/gau(ss|\u00df)\W*kr/i.test(projection)) return `${known} / 3-degree Gauss-Kruger zone ${Number(number)}`;
  return undefined;
}
