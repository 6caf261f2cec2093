/** An exact fraction. Its denominator is positive; it need not be in lowest terms. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const one: Rational = { numerator: 1n, denominator: 1n };
export const zero: Rational = { numerator: 0n, denominator: 1n };

/** More bits than the 53 of a double, so that the last one is rounded as it must be. */
const quotientBits = 68;

/**
 * The number that a decimal text writes, such as `-1.0e-3`, exactly.
 * @throws Error for another text
 */
export function parseDecimal(text: string): Rational {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (whole + fraction === "") throw new Error(`"${text}" is not a decimal number`);
  const digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  const power = Number(exponent) - fraction.length;
  return power < 0
    ? { numerator: digits, denominator: 10n ** BigInt(-power) }
    : { numerator: digits * 10n ** BigInt(power), denominator: 1n };
}

/** The number that the shortest text of a double writes: 0.1 is a tenth, not the binary fraction next to it. */
export function ofNumber(value: number): Rational {
  return Number.isSafeInteger(value) ? { numerator: BigInt(value), denominator: 1n } : parseDecimal(String(value));
}

export function multiply(left: Rational, right: Rational): Rational {
  return {
    numerator: left.numerator * right.numerator,
    denominator: left.denominator * right.denominator,
  };
}

export function add(left: Rational, right: Rational): Rational {
  return {
    numerator: left.numerator * right.denominator + right.numerator * left.denominator,
    denominator: left.denominator * right.denominator,
  };
}

/** @param value - not zero */
export function invert({ numerator, denominator }: Rational): Rational {
  return numerator < 0n
    ? { numerator: -denominator, denominator: -numerator }
    : { numerator: denominator, denominator: numerator };
}

/** @param exponent - an integer */
export function raise(value: Rational, exponent: number): Rational {
  const { numerator, denominator } = exponent < 0 ? invert(value) : value;
  const power = BigInt(Math.abs(exponent));
  return { numerator: numerator ** power, denominator: denominator ** power };
}

export function isSame(left: Rational, right: Rational): boolean {
  return left.numerator * right.denominator === right.numerator * left.denominator;
}

/** The double that is nearest to a fraction, the even one of two that are as near. */
export function toNumber({ numerator, denominator }: Rational): number {
  if (numerator === 0n) return 0;
  const size = numerator < 0n ? -numerator : numerator;
  const shift = quotientBits - bitsOf(size) + bitsOf(denominator);
  const [over, under] = shift < 0 ? [size, denominator << BigInt(-shift)] : [size << BigInt(shift), denominator];
  const rest = over % under === 0n ? 0n : 1n; // counts in rounding, as the digits would that are cut off
  const mantissa = Number((over / under) | rest) * 2 ** -quotientBits;
  return (numerator < 0n ? -1 : 1) * mantissa * 2 ** (quotientBits - shift);
}

/** At most three too many. */
function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}
