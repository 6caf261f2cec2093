import { exactNumber } from "itwin-connector-framework/tables";
import type { ZipFiles } from "./zip.js";

const isSheetOrTexts = /^\/?xl\/.*\.xml$/i;

// Tags may have a prefix. Each pattern is one part of the document, so that a long document takes no longer than it must.
/** A text that runs follow. The parser takes the text alone. */
const textBesideRuns =
  /(<(?:\w+:)?(?:si|is)>\s*)(<((?:\w+:)?)t\b(?:[^<>]*\/>|[^<>]*>[^<]*<\/\3t>))(?=\s*<(?:\w+:)?r[\s>])/g;

/** A cell with an integer of many digits, perhaps that of a formula. The parser makes a double of it. */
const longInteger =
  /<((?:\w+:)?)c\b([^<>]*)>(\s*(?:<\1f\b[^<>]*(?:\/>|>[^<]*<\/\1f>)\s*)?<\1v>)(-?\d{16,})(?=<\/\1v>)/g;
const typeAttribute = /\st\s*=\s*(?:"([^"]*)"|'([^']*)')/;

/** A cell with a date in ISO 8601. The parser makes a number of it, which no cell tells from other numbers. */
const isoDate =
  /(<((?:\w+:)?)c\b[^<>]*\st=)(?:"d"|'d')([^<>]*>\s*(?:<\2f\b[^<>]*(?:\/>|>[^<]*<\/\2f>)\s*)?<\2v>)([^<]*)/g;
/** What programs write behind a day, and behind a time, though a cell has no time zone. */
const midnight = /T00:00(?::00(?:\.0+)?)?Z?$/;
const zone = /Z$/;

/**
 * Changes the XML of an .xlsx such that the parser gives what is in it: rich text whole, integers that no double holds as
 * texts, and dates of ISO 8601 as texts.
 */
export function keepCellsExact(files: ZipFiles): void {
  for (const [name, content] of files) {
    if (!isSheetOrTexts.test(name)) continue;
    const xml = content.toString("latin1"); // all bytes come back as they are, and the patterns need no others
    const exact = xml
      .replace(textBesideRuns, (_found, start: string, text: string) => `${start}<r>${text}</r>`)
      .replace(longInteger, exactCell)
      .replace(isoDate, dateCell);
    if (exact !== xml) files.set(name, Buffer.from(exact, "latin1"));
  }
}

function exactCell(cell: string, prefix: string, attributes: string, start: string, digits: string): string {
  const [, inDouble, inSingle] = typeAttribute.exec(attributes) ?? [];
  const isNumber = (inDouble ?? inSingle ?? "n") === "n";
  if (!isNumber || typeof exactNumber(digits) === "number") return cell;
  return `<${prefix}c${attributes.replace(typeAttribute, "")} t="str">${start}${digits}`;
}

function dateCell(_cell: string, start: string, _prefix: string, middle: string, date: string): string {
  return `${start}"str"${middle}${date.trim().replace(midnight, "").replace(zone, "")}`;
}
