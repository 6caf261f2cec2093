import { parseExactJson } from "../cells/exactNumber.js";
import { findFault, type Cut, type CutRun } from "./RecordCutter.js";
import { RecordFault, SyntaxFault } from "./RecordFault.js";

/** A record as it was parsed: an object, or a list where lists are records. */
export interface JsonRecord {
  readonly value: object;
  /** The line in which it begins, counted from 1. */
  readonly line: number;
}

/** How records are parsed. */
export interface RecordParsing {
  /** Parses a record with numerals that a double may change. Default: they become texts where it does. */
  parseExact?: (text: string) => unknown;
  /** Receives the line of a record with NaN or Infinity, which is read as null. Default: it is refused. */
  onNotANumber?: (line: number) => void;
}

/**
 * Parses records that follow each other: all at once where nothing speaks against it, which takes half of the time.
 * @param bytes - what they were cut from
 * @throws RecordFault with a line
 */
export function parseRun({ cuts }: CutRun, bytes: Buffer, parsing: RecordParsing): JsonRecord[] {
  const values =
    cuts.length > 1 && !cuts.some(({ hasLongNumeral }) => hasLongNumeral) ? tryAll(cuts, bytes) : undefined;
  return cuts.map((cut, index) => {
    const value = (values === undefined ? parseOne(cut, bytes, parsing) : values[index]) as object;
    checkKeys(value, cut);
    return { value, line: cut.line };
  });
}

function tryAll(cuts: readonly Cut[], bytes: Buffer): readonly unknown[] | undefined {
  const text = bytes.toString("utf8", cuts[0]?.start, cuts.at(-1)?.end);
  try {
    const values = JSON.parse(`[${text}]`) as unknown[];
    return values.length === cuts.length ? values : undefined;
  } catch {
    return undefined;
  }
}

function parseOne(cut: Cut, bytes: Buffer, parsing: RecordParsing): unknown {
  const { start, end, hasLongNumeral, line } = cut;
  const text = bytes.toString("utf8", start, end);
  const parse = hasLongNumeral ? (parsing.parseExact ?? parseExactJson) : parseJson;
  try {
    return parse(text);
  } catch (cause) {
    const numbers = parsing.onNotANumber && withoutNotANumber(text);
    if (numbers === undefined) throw faultOf(cut, bytes, cause);
    parsing.onNotANumber?.(line);
    return parseOne({ ...cut, start: 0, end: numbers.length }, numbers, { ...parsing, onNotANumber: undefined });
  }
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

const textOrNotANumber = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** A text with null for NaN and the infinities, which some programs write; undefined if it has none. */
function withoutNotANumber(text: string): Buffer | undefined {
  const replaced = text.replace(textOrNotANumber, (found) => (found.startsWith('"') ? found : "null"));
  return replaced === text ? undefined : Buffer.from(replaced);
}

function faultOf({ start, end, line }: Cut, bytes: Buffer, cause: unknown): unknown {
  try {
    findFault(bytes.subarray(start, end), line);
  } catch (fault) {
    return fault;
  }
  return Object.assign(new SyntaxFault("The record is not JSON.", { cause }), { line });
}

/**
 * Refuses a record with fewer keys than were read: where a key comes twice, the later value has taken the place of the
 * earlier one.
 */
function checkKeys(record: object, { keys, isNested, line }: Cut): void {
  const found = isNested || Array.isArray(record) ? countKeys(record) : Object.keys(record).length;
  if (found < keys) throw Object.assign(new RecordFault("duplicate-key", "A key comes twice in one object."), { line });
}

function countKeys(value: object): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) if (typeof item === "object" && item !== null) count += countKeys(item);
    return count;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    count += typeof item === "object" && item !== null ? 1 + countKeys(item) : 1;
  }
  return count;
}
