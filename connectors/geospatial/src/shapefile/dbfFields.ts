import { expectDefined } from "@itwin/core-bentley";
import { exactNumber, type CellContent, type ColumnType } from "itwin-connector-framework/tables";

/** A field of a .dbf. */
export interface DbfField {
  name: string;
  /** A letter, as in the specification of dBASE. */
  type: string;
  /** How many decimals a number has at most. */
  decimals: number;
  /** In bytes. */
  length: number;
  /** Where it begins in a record. */
  offset: number;
}

type Decoder = InstanceType<typeof TextDecoder>;

/** Padding, with zeros as some programs write it. */
const padding = /[ \0]+$/;
const integerForm = /^\+?(-?)0*(\d+)$/;
const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A number that did not fit its field, and what programs write for NaN. */
const notANumber = /^(?:\*+|[+-]?(?:nan|inf|infinity|1\.#[a-z]+\d*)(?:\([a-z]*\))?)$/i;

/** What stands for no value in a field, where an empty field would. */
export class NoValue extends Error {}

const readers: Readonly<Record<string, (bytes: Buffer, decoder: Decoder, field: DbfField) => CellContent>> = {
  C: readText,
  N: readNumber,
  F: readNumber,
  L: readLogical,
  D: readDay,
  I: (bytes) => bytes.readInt32LE(0),
  "+": (bytes) => bytes.readInt32LE(0),
  O: (bytes) => checkNumber(bytes.readDoubleLE(0)),
};

/** Types of columns by those of fields. A number without decimals has the type that its values need. */
const columnTypes: Readonly<Record<string, ColumnType>> = { F: "double", O: "double", L: "boolean", D: "date" };

/** The type that a field gives its column; undefined where the values decide. */
export function columnTypeOf({ type, decimals }: DbfField): ColumnType | undefined {
  return type === "N" && decimals > 0 ? "double" : columnTypes[type];
}

/** Whether fields of a type are in the .dbf itself and in a known form. */
export function isReadable({ type }: DbfField): boolean {
  return Object.hasOwn(readers, type);
}

/**
 * What a field holds; undefined where it is empty.
 * @throws NoValue for what stands for no value, and other errors for what is no value of its type
 */
export function readField(field: DbfField, bytes: Buffer, decoder: Decoder): CellContent {
  return expectDefined(readers[field.type])(bytes, decoder, field);
}

function readText(bytes: Buffer, decoder: Decoder): CellContent {
  const text = decoder.decode(bytes).replace(padding, "");
  if (text.includes("\0")) throw new Error("a NUL within the text");
  return text;
}

/** A number with decimals is a double. A whole one of more digits than a double keeps is a text. */
function readNumber(bytes: Buffer, _decoder: Decoder, { type, decimals }: DbfField): CellContent {
  const text = bytes.toString("latin1").replace(padding, "").trim();
  if (text === "") return undefined;
  if (notANumber.test(text)) throw new NoValue(text);
  if (!numberForm.test(text)) throw new Error(`${text} is no number`);
  const [, sign = "", digits] = integerForm.exec(text) ?? [];
  const isWhole = digits !== undefined && type === "N" && decimals === 0;
  return isWhole ? exactNumber(sign + digits) : checkNumber(Number(text));
}

function checkNumber(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new NoValue(`${value}`);
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
