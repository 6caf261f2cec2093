import { dimensionsKey } from "./Measure.js";
import { add, invert, isSame, multiply, ofNumber, one, toNumber, type Rational } from "./Rational.js";
import type { Unit } from "./Unit.js";
import { unitCatalog } from "./UnitCatalog.js";

/** How values of one unit become values of another one: `value * factor + offset`, exactly. */
interface Conversion {
  readonly factor: Rational;
  readonly offset: Rational;
}

/**
 * Whether values can be converted from one unit to another: both are of one quantity, and not two currencies.
 * @public
 */
export function isConvertible(from: Unit, to: Unit): boolean {
  const [source, target] = [from, to].map((unit) => dimensionsKey(unitCatalog().measureOf(unit)));
  return from.phenomenon === to.phenomenon && source === target;
}

/**
 * Makes the function that converts values from one unit to another by the definitions of the schema Units. The decimal
 * digits of a value count: 0.1 in is 2.54 mm. The result is the double that is nearest to the exact one. NaN and infinite
 * values stay.
 * @throws Error where they cannot be converted; see {@link isConvertible}
 * @public
 */
export function unitConversion(from: Unit, to: Unit): (value: number) => number {
  if (!isConvertible(from, to))
    throw new Error(`${from.name} is a unit of ${from.phenomenon}, and ${to.name} is one of ${to.phenomenon}`);
  const conversion = conversionOf(from, to);
  const { factor, offset } = conversion;
  if (offset.numerator !== 0n) return (value) => exactly(value, conversion);
  if (isSame(factor, one)) return (value) => value;
  const [numerator, denominator] = [Number(factor.numerator), Number(factor.denominator)];
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator))
    return (value) => exactly(value, conversion);
  return (value) => {
    const product = value * numerator; // exact, as long as all are integers that a double can hold
    return Number.isSafeInteger(value) && Number.isSafeInteger(product)
      ? product / denominator
      : exactly(value, conversion);
  };
}

/** Each divided by what numerator and denominator have in common. */
function conversionOf(from: Unit, to: Unit): Conversion {
  const [source, target] = [unitCatalog().measureOf(from), unitCatalog().measureOf(to)];
  const scale = invert(target.factor);
  const difference = add(source.offset, { ...target.offset, numerator: -target.offset.numerator });
  return { factor: reduce(multiply(source.factor, scale)), offset: reduce(multiply(difference, scale)) };
}

function exactly(value: number, { factor, offset }: Conversion): number {
  return Number.isFinite(value) ? toNumber(add(multiply(ofNumber(value), factor), offset)) : value;
}

function reduce({ numerator, denominator }: Rational): Rational {
  let [greater, less] = [numerator < 0n ? -numerator : numerator, denominator];
  while (less !== 0n) [greater, less] = [less, greater % less];
  return { numerator: numerator / greater, denominator: denominator / greater };
}
