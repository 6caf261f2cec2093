const integerForm = /^-?\d+$/;
const isZero = /^-?[0.]*(?:e|$)/i;

/**
 * A number in JSON's notation, or the text itself where a double cannot stand for it: integers beyond
 * 9,007,199,254,740,991, and what overflows or underflows. Decimal digits are rounded as everywhere.
 */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  if (integerForm.test(text)) return Number.isSafeInteger(value) ? value : text;
  return Number.isFinite(value) && (value !== 0 || isZero.test(text)) ? value : text;
}
