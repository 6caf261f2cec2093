import { ConnectorError } from "../../ConnectorError.js";
import type { CrsDefinition } from "../model.js";
import { Registry } from "../registry/Registry.js";
import { identify, UnknownDatum } from "./identify.js";
import type { RawCrs } from "./RawCrs.js";
import { readProjJson } from "./readProjJson.js";
import { isProjString, readProjString } from "./readProjString.js";
import { isWkt, readWkt } from "./readWkt.js";

const forms = "an EPSG code such as EPSG:25832, the name of the system, WKT, PROJJSON, or a text for PROJ";

/**
 * Understands a text that names or describes a coordinate system.
 * @throws ConnectorError `places/unknown-crs`, `places/damaged-crs`, `places/unknown-datum`
 */
export function readDefinition(text: string, allowUnknownDatum = false): CrsDefinition {
  try {
    const known = readKnown(text.trim());
    return "datum" in known ? known : identify(known, allowUnknownDatum);
  } catch (error) {
    throw refusal(text, error);
  }
}

function readKnown(text: string): CrsDefinition | RawCrs {
  const code = codeOf(text);
  if (code !== undefined) return byCode(code);
  const compound = compoundOf(text);
  if (compound !== undefined) return compound;
  const esri = esriCode(text);
  if (esri !== undefined) return esri;
  if (isWkt(text)) return readWkt(text);
  if (text.startsWith("{")) return readProjJson(text);
  if (isProjString(text)) {
    const raw = readProjString(text);
    return typeof raw === "number" ? byCode(raw) : raw;
  }
  const named = Registry.get().byName(text) ?? longitudesAndLatitudes(text);
  if (named === undefined) throw new RangeError("no system has this name");
  return named;
}

/** `EPSG:25832`, `urn:ogc:def:crs:EPSG::25832`, an address of opengis.net, several with a plus, or the number alone. */
function codeOf(text: string): number | undefined {
  const [, code] =
    /^(?:urn:(?:ogc|x-ogc):def:crs:)?epsg:{1,2}(?:[\d.]*:)?(\d+)$/i.exec(text) ??
    /^https?:\/\/(?:www\.)?opengis\.net\/(?:def\/crs\/epsg\/[\d.]+\/|gml\/srs\/epsg\.xml#)(\d+)$/i.exec(text) ??
    /^(\d{4,5})$/.exec(text) ??
    [];
  return code === undefined ? undefined : Number(code);
}

/** A horizontal and a vertical system, as in `EPSG:25832+5783`. */
function compoundOf(text: string): CrsDefinition | undefined {
  const [, first, second] = /^epsg:(\d+)\+(?:epsg:)?(\d+)$/i.exec(text) ?? [];
  if (first === undefined) return undefined;
  const vertical = Registry.get().verticalByCode(Number(second));
  if (vertical === undefined) throw new RangeError(`EPSG:${second} is no vertical system`);
  const horizontal = byCode(Number(first));
  return { ...horizontal, name: `${horizontal.name} + ${vertical.name}`, vertical };
}

/** Codes of Esri that are much used, as EPSG codes or texts for PROJ. Others are understood by their WKT. */
const esriCodes: Readonly<Record<string, number | string>> = {
  54009: "+proj=moll +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84",
  54034: "+proj=cea +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84",
  102001: "+proj=aea +lat_0=40 +lon_0=-96 +lat_1=50 +lat_2=70 +x_0=0 +y_0=0 +datum=NAD83",
  102003: "+proj=aea +lat_0=37.5 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=NAD83",
  102008: "+proj=aea +lat_0=40 +lon_0=-96 +lat_1=20 +lat_2=60 +x_0=0 +y_0=0 +datum=NAD83",
  102009: "+proj=lcc +lat_0=40 +lon_0=-96 +lat_1=20 +lat_2=60 +x_0=0 +y_0=0 +datum=NAD83",
  102039: "+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=NAD83",
  102100: 3857,
};

function esriCode(text: string): CrsDefinition | RawCrs | undefined {
  const [, code = ""] = /^ESRI:{1,2}(\d+)$/i.exec(text) ?? [];
  if (code === "") return undefined;
  const known = esriCodes[code];
  if (known === undefined)
    throw new RangeError("of Esri's codes only some are known; give its WKT, such as that of a .prj");
  const raw = typeof known === "number" ? known : readProjString(known);
  return typeof raw === "number" ? byCode(raw) : { ...raw, name: `ESRI:${code}` };
}

/** OGC's own names for WGS 84. */
function longitudesAndLatitudes(text: string): CrsDefinition | undefined {
  return /\b(OGC|CRS)[:/].*\b(CRS84h?|84)$/i.test(text) || /^(CRS:?84|WGS ?-?84)$/i.test(text)
    ? Registry.get().byCode(4326)
    : undefined;
}

function byCode(code: number): CrsDefinition {
  const known = Registry.get().byCode(code);
  if (known === undefined) throw new RangeError(`EPSG:${code} is no horizontal system that can be computed here`);
  return known;
}

function refusal(text: string, cause: unknown): ConnectorError {
  const shown = text.replace(/\s+/g, " ").trim().slice(0, 80);
  if (cause instanceof UnknownDatum) {
    const { semiMajor, inverseFlattening, name } = cause.ellipsoid;
    const message = `The coordinate system "${shown}" cannot be placed: ${cause.message} (ellipsoid ${name}, ${semiMajor}, 1/${inverseFlattening}).`;
    const advice = `Name the system with the option "crs": ${forms}. Or set the option "allowUnknownDatum" to take the datum for WGS 84; positions can be hundreds of metres off then.`;
    return new ConnectorError("places/unknown-datum", message, { advice, cause });
  }
  const isDamaged = cause instanceof SyntaxError;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The coordinate system "${shown}" ${isDamaged ? "is damaged" : "is not known"}: ${reason}.`;
  return new ConnectorError(isDamaged ? "places/damaged-crs" : "places/unknown-crs", message, {
    advice: `Name it with the option "crs": ${forms}; https://epsg.io finds codes.`,
    cause,
  });
}
