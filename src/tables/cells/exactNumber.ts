const integerForm = /^-?\d+$/;
const isZero = /^-?[0.]*(?:e|$)/i;

/** So many significant digits a double always keeps; with more, it has to be compared. */
const safeDigits = 15;

/**
 * A number in JSON's notation, or the text itself where a double cannot stand for it: integers beyond
 * 9,007,199,254,740,991, decimals with digits that would be lost, and what overflows or underflows.
 * @public
 */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  if (integerForm.test(text)) return Number.isSafeInteger(value) ? value : text;
  return Number.isFinite(value) && (value !== 0 || isZero.test(text)) && keepsDigits(text, value) ? value : text;
}

/** Whether a double gives back all significant digits of a decimal. */
export function keepsDigits(text: string, value: number): boolean {
  if (text.length <= safeDigits) return true;
  const digits = significantDigits(text);
  return digits.length <= safeDigits || digits === significantDigits(String(value));
}

/** The digits between the leading and the trailing zeros, without the point and the exponent. */
function significantDigits(text: string): string {
  const [mantissa = ""] = text.split(/e/i, 1);
  return mantissa.replace(/[-+.]/g, "").replace(/^0+/, "").replace(/0+$/, "");
}

/** Numerals that a double may change. In texts they are passed over. */
const longNumeral = /\d(?:\.?\d){15}|\d[eE][-+]?\d{3}/;
const textOrNumeral = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * The same as `JSON.parse`, but that a number is a text where a double cannot stand for it.
 * @throws SyntaxError
 * @public
 */
export function parseExactJson(text: string): unknown {
  if (!longNumeral.test(text)) return JSON.parse(text);
  const exact = text.replace(textOrNumeral, (found) => {
    if (found.startsWith('"')) return found;
    return typeof exactNumber(found) === "string" ? `"${found}"` : found;
  });
  return JSON.parse(exact);
}
