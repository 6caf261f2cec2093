/** A unit with its exponent, such as m and -2. */
export interface UnitFactor {
  readonly symbol: string;
  readonly exponent: number;
}

/** Symbols of powers, by their last character. */
const powers: Readonly<Record<string, number>> = { "²": 2, "³": 3 };

/**
 * A product of units as a text, `W·K^-1·m^-2`. The order in which a file has them makes no difference: factors above the line
 * come first, in alphabetical order. `m²` with the exponent -1 is `m^-2`, as the platform knows it.
 */
export function productText(factors: readonly UnitFactor[]): string {
  const texts = factors
    .map(withoutPower)
    .map(({ symbol, exponent }) => ({ text: factorText(symbol, exponent), exponent }));
  const sorted = texts.sort((left, right) => Number(right.exponent > 0) - Number(left.exponent > 0) || compare(left.text, right.text)); // prettier-ignore
  return sorted.map(({ text }) => text).join("·");
}

/** A text that an earlier version wrote, with its factors in the order of the file, as {@link productText} writes it. */
export function normalizeUnitText(text: string): string {
  const factors = text.split("·").map((factor) => {
    const [, symbol = factor, exponent = "1"] = /^(.+)\^(-?\d+)$/.exec(factor) ?? [];
    return { symbol, exponent: Number(exponent) };
  });
  return productText(factors);
}

function withoutPower({ symbol, exponent }: UnitFactor): UnitFactor {
  const power = exponent === 1 ? undefined : powers[symbol.slice(-1)];
  return power === undefined ? { symbol, exponent } : { symbol: symbol.slice(0, -1), exponent: exponent * power };
}

function factorText(symbol: string, exponent: number): string {
  return exponent === 1 ? symbol : `${symbol}^${exponent}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
