import { expectDefined } from "@itwin/core-bentley";
import type { CellContent } from "itwin-connector-framework/tables";

/** A field of a .dbf. */
export interface DbfField {
  name: string;
  /** A letter, as in the specification of dBASE. */
  type: string;
  /** In bytes. */
  length: number;
  /** Where it begins in a record. */
  offset: number;
}

type Decoder = InstanceType<typeof TextDecoder>;

/** Padding, with zeros as some programs write it. */
const padding = /[ \0]+$/;
const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const readers: Readonly<Record<string, (bytes: Buffer, decoder: Decoder) => CellContent>> = {
  C: readText,
  N: readNumber,
  F: readNumber,
  L: readLogical,
  D: readDay,
  I: (bytes) => bytes.readInt32LE(0),
  "+": (bytes) => bytes.readInt32LE(0),
  O: (bytes) => checkNumber(bytes.readDoubleLE(0)),
};

/** Whether fields of a type are in the .dbf itself and in a known form. */
export function isReadable({ type }: DbfField): boolean {
  return Object.hasOwn(readers, type);
}

/**
 * What a field holds; undefined where it is empty.
 * @throws where it holds no value of its type
 */
export function readField({ type }: DbfField, bytes: Buffer, decoder: Decoder): CellContent {
  return expectDefined(readers[type])(bytes, decoder);
}

function readText(bytes: Buffer, decoder: Decoder): CellContent {
  const text = decoder.decode(bytes).replace(padding, "");
  if (text.includes("\0")) throw new Error("a NUL within the text");
  return text;
}

/** Asterisks stand for a number that did not fit. One with more digits than a double keeps stays a text. */
function readNumber(bytes: Buffer): CellContent {
  const text = bytes.toString("latin1").replace(padding, "").trim();
  if (text === "" || /^\*+$/.test(text)) return undefined;
  if (!numberForm.test(text)) throw new Error(`${text} is no number`);
  const value = checkNumber(Number(text));
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(text) ? BigInt(text) : value;
}

function checkNumber(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new Error(`${value} is no number`);
}

function readLogical(bytes: Buffer): CellContent {
  const letter = bytes.toString("latin1", 0, 1).toUpperCase();
  if ("TY1".includes(letter)) return true;
  if ("FN0".includes(letter)) return false;
  if ("? \0".includes(letter)) return undefined;
  throw new Error(`${letter} is neither true nor false`);
}

function readDay(bytes: Buffer): CellContent {
  const text = bytes.toString("latin1").replace(padding, "").trim();
  if (text === "" || /^0+$/.test(text)) return undefined;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  const iso = `${year}-${month}-${day}T00:00:00.000Z`;
  const date = new Date(iso);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw new Error(`${text} is no day`);
  return date;
}
