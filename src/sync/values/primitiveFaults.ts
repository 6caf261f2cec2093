import { Guid } from "@itwin/core-bentley";
import { primitiveType } from "../../imodel/classMetadata.js";
import { Angle } from "@itwin/core-geometry";
import { isRecord } from "./shapes.js";
import { isStorableText } from "../items/checkItem.js";
import { expecting, type FaultFinder } from "./ValueFault.js";

/** What decides which values a property of a primitive type can hold. */
export interface PrimitiveRules {
  /** See {@link primitiveType}. */
  type: number | undefined;
  extendedType?: string;
  /** Whether a dateTime has no time (`DateTimeInfo` of CoreCustomAttributes). */
  isDate?: boolean;
}

const [lowestInt, highestInt] = [-(2 ** 31), 2 ** 31 - 1];
const [lowestLong, highestLong] = [-(2n ** 63n), 2n ** 63n - 1n];

/** A text that the iModel holds as it is. */
export const textFaults: FaultFinder = expecting(
  "a text without NUL and without half of a surrogate pair",
  isStorableText,
);

/** A number that an iModel can hold: NaN and the infinities become NULL. */
export const numberFaults: FaultFinder = expecting("a finite number", isFiniteNumber);

const finders = new Map<number, FaultFinder>([
  [primitiveType.binary, expecting('a Uint8Array, or a text "encoding=base64;…"', isBinary)],
  [primitiveType.boolean, expecting("true or false", (value) => typeof value === "boolean")],
  [
    primitiveType.dateTime,
    expecting("a date and time such as 2026-01-31T12:30:00Z, without an offset, up to the year 9999", isDateTime),
  ],
  [primitiveType.double, numberFaults],
  [primitiveType.int, expecting(`a whole number from ${lowestInt} to ${highestInt}`, isInt)],
  [primitiveType.long, expecting("a whole number up to 2^53, or the digits of one up to 2^63 as text", isLong)],
  [primitiveType.point2d, expecting("a point of two finite numbers, such as [1, 2]", (value) => isPoint(value, 2))],
  [
    primitiveType.point3d,
    expecting("a point of three finite numbers, such as [1, 2, 3]", (value) => isPoint(value, 3)),
  ],
  [primitiveType.string, textFaults],
]);

/** Finds what is wrong with values of a primitive type. */
export function primitiveFaults({ type, extendedType, isDate }: PrimitiveRules): FaultFinder {
  if (isDate) return expecting("a date such as 2026-01-31", isDateOnly);
  if (type === primitiveType.binary && extendedType === "BeGuid") return guidFaults;
  return finders.get(type ?? 0) ?? (() => undefined);
}

/** The GUID of an element; an empty one has the iModel make one. */
export const federationGuidFaults: FaultFinder = expecting(
  "a GUID, and not that of zeros",
  (value) => value === "" || (isGuid(value) && value !== Guid.empty),
);

const guidFaults = expecting("a GUID", (value) => value === "" || isGuid(value));

/** Its bytes would be dropped. */
function isGuid(value: unknown): boolean {
  return typeof value === "string" && Guid.isGuid(value);
}

/** Whether a value is a number, and neither NaN nor infinite. */
export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** The members of an angle, as JSON and as an instance of another copy of core-geometry. */
const angleKeys: ReadonlySet<string> = new Set(["degrees", "radians", "_degrees", "_radians"]);

/** Whether a value is an angle: in degrees, or as core-geometry writes it. Other members would mean an angle of zero. */
export function isAngle(value: unknown): boolean {
  if (value instanceof Angle) return isFiniteNumber(value.degrees);
  if (!isRecord(value)) return isFiniteNumber(value);
  const given = Object.entries(value).filter(([, number]) => number !== undefined);
  return given.length > 0 && given.every(([key, number]) => angleKeys.has(key) && isFiniteNumber(number));
}

function isInt(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= lowestInt && Number(value) <= highestInt;
}

/** Ids are kept as longs, and given as hexadecimal texts. */
function isLong(value: unknown): boolean {
  if (typeof value !== "string") return Number.isSafeInteger(value);
  if (!/^(-?\d+|0x[\da-f]+)$/i.test(value)) return false;
  const number = BigInt(value);
  return number >= lowestLong && number <= highestLong;
}

const base64 = /^encoding=base64;([A-Za-z\d+/]*)={0,2}$/;

function isBinary(value: unknown): boolean {
  return value instanceof Uint8Array || (typeof value === "string" && isBase64(value));
}

/** Whether its digits make whole bytes: four digits are three bytes, and one alone is none. */
function isBase64(text: string): boolean {
  const digits = base64.exec(text)?.[1];
  return digits !== undefined && digits.length % 4 !== 1 && (digits !== "" || !text.endsWith("="));
}

function isPoint(value: unknown, dimensions: 2 | 3): boolean {
  if (Array.isArray(value)) return value.length === dimensions && value.every(isFiniteNumber);
  if (typeof value !== "object" || value === null) return false;
  const { x, y, z } = value as { x?: unknown; y?: unknown; z?: unknown };
  return isFiniteNumber(x) && isFiniteNumber(y) && (dimensions === 3 ? isFiniteNumber(z) : z === undefined);
}

const iso8601 = /^(-?\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?Z?)?$/;

/** The beginning of the Julian days, before which an iModel has no times. */
const firstTime = Date.UTC(-4713, 10, 24, 12);

/** A `Date` before the year 0, or after 9999, becomes a text with a longer year, which an iModel does not read. */
const [firstDate, lastTime] = [Date.parse("0000-01-01T00:00:00Z"), Date.parse("9999-12-31T23:59:59.999Z")];

function isDateTime(value: unknown): boolean {
  if (value instanceof Date) return value.getTime() >= firstDate && value.getTime() <= lastTime;
  return typeof value === "string" && isInCalendar(value);
}

function isDateOnly(value: unknown): boolean {
  return typeof value === "string" && isInCalendar(value) && /^[^T]+(T00:00(:00(\.0+)?)?Z?)?$/.test(value);
}

function isInCalendar(text: string): boolean {
  const match = iso8601.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0)) as FixedTime;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  date.setUTCHours(hour, minute, second);
  return hour < 24 && minute < 60 && second < 60 && date.getTime() >= firstTime;
}

type FixedTime = [year: number, month: number, day: number, hour: number, minute: number, second: number];
