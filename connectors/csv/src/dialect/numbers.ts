import type { TextNotation } from "itwin-connector-framework/tables";

type NumberNotation = Pick<TextNotation, "decimal" | "thousands">;

const groupedDecimal = /^[-+]?[1-9]\d{0,2}([.,'\u2019 \u00a0\u202f])\d{3}(?:\1\d{3})*([.,])\d+$/;
const decimalComma = /^[-+]?\d*,\d+$/;
const wholeNumber = /^[-+]?\d+$/;
const decimalPoint = /^[-+]?\d*\.\d+(?:e[-+]?\d+)?$/i;
const groupsOfThree = /^[-+]?[1-9]\d{0,2}(?:[.,]\d{3})+$/;

/**
 * How the numbers of columns are written, as far as that is certain: in a column of nothing but numbers, `1.234,50` tells both
 * separators, and `1,5` the decimal comma unless commas separate cells. `1,234` tells nothing. Nor do columns that tell
 * different things.
 */
export function findNumberNotation(columns: readonly string[][], delimiter: string | undefined): NumberNotation {
  const found = columns.flatMap((values) => notationOf(values, delimiter) ?? []);
  const decimals = new Set(found.map(({ decimal }) => decimal));
  const thousands = new Set(found.flatMap((notation) => notation.thousands ?? []));
  if (decimals.size !== 1 || thousands.size > 1) return {};
  const [decimal] = decimals;
  const [separator] = thousands;
  return { ...(decimal === "," && { decimal }), ...(separator !== undefined && { thousands: separator }) };
}

function notationOf(values: readonly string[], delimiter: string | undefined): NumberNotation | undefined {
  const grouped = values.map((value) => groupedDecimal.exec(value)).find((match) => match !== null);
  const [, thousands, point] = grouped ?? [];
  const isComma = delimiter !== "," && values.some((value) => decimalComma.test(value) && !groupsOfThree.test(value));
  const decimal = point ?? (isComma ? "," : ".");
  if (thousands === decimal || !values.every((value) => isNumber(value, decimal, thousands))) return undefined;
  const hasDecimals = grouped !== undefined || values.some((value) => isDecimal(value, decimal));
  return hasDecimals ? { decimal: decimal as "." | ",", thousands } : undefined;
}

function isDecimal(value: string, decimal: string): boolean {
  return (decimal === "," ? decimalComma : decimalPoint).test(value);
}

function isNumber(value: string, decimal: string, thousands: string | undefined): boolean {
  if (wholeNumber.test(value) || isDecimal(value, decimal)) return true;
  if (thousands === undefined) return false;
  return isGrouped(value, decimal, thousands);
}

function isGrouped(value: string, decimal: string, thousands: string): boolean {
  const [whole = "", decimals = "0", ...rest] = value.split(decimal);
  const [first = "", ...groups] = whole.replace(/^[-+]/, "").split(thousands);
  return rest.length === 0 && /^\d+$/.test(decimals) && /^\d{1,3}$/.test(first) && groups.every(isGroup);
}

function isGroup(digits: string): boolean {
  return /^\d{3}$/.test(digits);
}
