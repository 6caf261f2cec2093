import { expectDefined } from "@itwin/core-bentley";
import type { CellContent } from "./CellContent.js";
import { keepsDigits } from "./exactNumber.js";

/**
 * What the cells of a column are. `date` and the two kinds of `dateTime` are all EC dateTime; they differ in the
 * DateTimeInfo of the property.
 * @public
 */
export type ColumnType = "int" | "long" | "double" | "boolean" | "date" | "dateTime" | "dateTimeUtc" | "string";

/** A cell as an EC property takes it; dates and times are ISO 8601. */
export type CellValue = number | boolean | string;

/** From narrow to wide; each holds all values of those before it, as long as an int64 is a safe integer. */
const numericTypes: readonly ColumnType[] = ["int", "long", "double"];
const maxInt32 = 2 ** 31 - 1;

// No leading zeros and no negative zero: they would be lost in a number, and "007" is a code more often than a count.
const integerForm = /^(?:0|-?[1-9]\d*)$/;
// An exponent needs a point or a sign: programs write 1.0E5 or 1e+05, while 12E12 is a part number more often.
const decimalForm = /^-?((?:0|[1-9]\d*)?(?:\.\d+)?)(?:[eE][+-]\d+|(?<=\.\d+)[eE]\d+)?$/;
const booleanForm = /^(?:true|false)$/i;
// Databases write a space for the T, and shorter offsets; `12:00-13` is a span of time and not one of them.
const day = /(\d{4}-\d\d-\d\d)/.source;
const separator = /(?:T| (?=[\d:. ]+[Z+-]))/.source;
const timeOfDay = /(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?/.source;
const shortOffset = /[+-](?:0\d|1[0-4])(?:[0-5]\d|(?<=:\d\d:\d\d(?:\.\d+)? ?[+-]\d\d))/.source;
const dateTimeForm = new RegExp(`^${day}(?:${separator}${timeOfDay}(?: ?(Z|[+-]\\d\\d:\\d\\d|${shortOffset}))?)?$`);

/** How the types of texts are found. */
export interface TextReading {
  /** Whether cells are texts, whatever they hold. */
  isText: boolean;
  /** Whether a text can be a date or a time nevertheless. */
  hasDatesAsText?: boolean;
}

/** Whether values of a type are numbers. */
export function isNumeric(type: ColumnType | undefined): boolean {
  return type === "int" || type === "long" || type === "double";
}

/** The narrowest type that holds a cell without loss. The cell is not empty. */
export function typeOfCell(content: CellContent, reading: TextReading = { isText: true }): ColumnType {
  if (typeof content === "string") return typeOfString(content, reading);
  if (typeof content === "boolean") return "boolean";
  if (content instanceof Date) return isMidnight(content) ? "date" : "dateTime";
  return typeof content === "number" ? typeOfNumber(content) : integerType(Number(content));
}

/** A number has the digits of a double already; those of an integer of any size may be more. */
function typeOfNumber(value: number): ColumnType {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return integerType(value);
  return Number.isFinite(value) ? "double" : "string";
}

function typeOfString(text: string, { isText, hasDatesAsText = false }: TextReading): ColumnType {
  if (isText) return typeOfText(text);
  return hasDatesAsText ? (dateTimeType(text) ?? "string") : "string";
}

function typeOfText(text: string): ColumnType {
  return numberType(text) ?? (booleanForm.test(text) ? "boolean" : (dateTimeType(text) ?? "string"));
}

/** The narrowest type that holds the values of both. `undefined` stands for a column without any value so far. */
export function widen(left: ColumnType | undefined, right: ColumnType | undefined): ColumnType | undefined {
  if (left === undefined || left === right) return right;
  if (right === undefined) return left;
  const ranks = [numericTypes.indexOf(left), numericTypes.indexOf(right)];
  if (!ranks.includes(-1)) return numericTypes[Math.max(...ranks)];
  const areDates = [left, right].every((type) => type === "date" || type === "dateTime");
  return areDates ? "dateTime" : "string";
}

/** Whether a property of one type can take all values of a column of another, without loss. */
export function covers(property: ColumnType, column: ColumnType | undefined): boolean {
  return widen(property, column) === property;
}

/** A cell as a value of a type that covers it. The cell is not empty. */
export function cellValue(content: CellContent, type: ColumnType): CellValue {
  const text = textOf(content);
  if (numericTypes.includes(type)) return Number(text);
  if (type === "boolean") return text.toLowerCase() === "true";
  if (type === "dateTime") return expectDefined(instantOf(text)).toISOString().slice(0, -1);
  if (type === "dateTimeUtc") return expectDefined(instantOf(text)).toISOString();
  return text;
}

/** A cell as a text. */
export function textOf(content: CellContent): string {
  if (typeof content === "string") return content;
  if (!(content instanceof Date)) return String(content ?? "");
  return content.toISOString().slice(0, isMidnight(content) ? 10 : -1);
}

/** A date at midnight is a day: sources of typed cells tell the two apart by their looks only, if at all. */
function isMidnight(date: Date): boolean {
  return date.getTime() % 86_400_000 === 0;
}

function numberType(text: string): ColumnType | undefined {
  if (integerForm.test(text)) return integerType(Number(text));
  const mantissa = decimalForm.exec(text)?.[1];
  return mantissa && isExactDouble(text, mantissa, Number(text)) ? "double" : undefined;
}

function integerType(value: number): ColumnType {
  if (value <= maxInt32 && value >= -maxInt32 - 1) return "int";
  return Number.isSafeInteger(value) ? "long" : "string";
}

/** Not where the number overflows, underflows, is a negative zero, or has more digits than a double gives back. */
function isExactDouble(text: string, mantissa: string, value: number): boolean {
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  return value === 0 ? !/[1-9]/.test(mantissa) : keepsDigits(text, value);
}

function dateTimeType(text: string): ColumnType | undefined {
  if (text[4] !== "-") return undefined; // most texts are no dates
  const [, date, time, , , offset] = dateTimeForm.exec(text) ?? [];
  if (date !== undefined && time === undefined) return isDay(date) ? "date" : undefined;
  if (instantOf(text) === undefined) return undefined;
  return offset === undefined ? "dateTime" : "dateTimeUtc";
}

const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether there is such a day, in the years 1 to 9999. Most dates come without a time, and this takes little. */
function isDay(date: string): boolean {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
  const isLeapDay = month === 2 && day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return year >= 1 && day >= 1 && (isLeapDay || day <= (daysOfMonths[month - 1] ?? 0));
}

/** The point in time, with the text taken as UTC where it has no offset. Undefined unless it is a real one. */
function instantOf(text: string): Date | undefined {
  const [isIso, date, time = "00:00", seconds = "00", fraction = "", offset = "Z"] = dateTimeForm.exec(text) ?? [];
  if (isIso === undefined) return undefined;
  const local = `${date}T${time}:${seconds}.${fraction.padEnd(3, "0")}`;
  if (toIso(`${local}Z`) !== `${local}Z`) return undefined; // the 30th of February becomes the 1st of March
  const instant = toIso(local + offset.replace(/^([+-]\d\d)(\d\d)?$/, longOffset));
  return isInCalendar(instant) ? new Date(instant) : undefined;
}

/** An offset as ISO 8601 writes it beside colons. */
function longOffset(_offset: string, hours: string, minutes = "00"): string {
  return `${hours}:${minutes}`;
}

function toIso(text: string): string {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? "" : instant.toISOString();
}

/** EC dateTime holds the years 1 to 9999; an offset may lead out of them. */
function isInCalendar(iso: string): boolean {
  return /^\d{4}-/.test(iso) && !iso.startsWith("0000");
}
