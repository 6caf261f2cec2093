import { expectDefined } from "@itwin/core-bentley";
import { add, invert, isSame, multiply, one, parseDecimal, raise, zero, type Rational } from "./Rational.js";
import type { DefinedUnit, UnitsSchema } from "./readUnitsSchema.js";

/** What a unit means: `value * factor + offset` is the value in base units. */
export interface Measure {
  /** The exponents of the base units, by their names; exponents of 0 are left out. */
  readonly dimensions: ReadonlyMap<string, number>;
  readonly factor: Rational;
  readonly offset: Rational;
}

/** The measure of a pure number. */
const number: Measure = { dimensions: new Map(), factor: one, offset: zero };

/** Finds out what the units of the schema mean. */
export class Measures {
  private readonly _known = new Map<string, Measure>([["ONE", number]]);

  public constructor(private readonly _schema: UnitsSchema) {}

  /** The measure of a unit or a constant of the schema. */
  public of(name: string): Measure {
    let measure = this._known.get(name);
    if (measure === undefined) this._known.set(name, (measure = this._resolve(this._find(name))));
    return measure;
  }

  /** The measure of a product in the notation of the schema, such as `[KILO]*N*M(-1)`. */
  public ofProduct(definition: string): Measure {
    const factors = definition.split("*").map((factor) => {
      const [, name = "", exponent = "1"] = /^\[?(\w+)\]?(?:\((-?\d+)\))?$/.exec(factor) ?? [];
      return { measure: this.of(name), exponent: Number(exponent) };
    });
    const [first] = factors;
    if (factors.length === 1 && first?.exponent === 1) return first.measure;
    return factors.reduce((product, { measure, exponent }) => times(product, power(measure, exponent)), number);
  }

  private _find(name: string): DefinedUnit {
    return expectDefined(this._schema.units.get(name) ?? this._schema.constants.get(name));
  }

  private _resolve({ name, definition, numerator, denominator, offset }: DefinedUnit): Measure {
    if (definition === name) return { ...number, dimensions: new Map([[name, 1]]) };
    const { dimensions, factor, offset: lower } = this.ofProduct(definition);
    const ratio = multiply(parseDecimal(numerator), invert(parseDecimal(denominator)));
    const scale = multiply(factor, ratio);
    return { dimensions, factor: scale, offset: add(multiply(scale, parseDecimal(offset)), lower) };
  }
}

/** The product of two measures. It has no zero point of its own: in products, temperatures are differences. */
export function times(left: Measure, right: Measure): Measure {
  const dimensions = new Map(left.dimensions);
  for (const [base, exponent] of right.dimensions) {
    const sum = (dimensions.get(base) ?? 0) + exponent;
    if (sum === 0) dimensions.delete(base);
    else dimensions.set(base, sum);
  }
  return { dimensions, factor: multiply(left.factor, right.factor), offset: zero };
}

export function power({ dimensions, factor }: Measure, exponent: number): Measure {
  const raised = [...dimensions].map(([base, own]) => [base, own * exponent] as const);
  return {
    dimensions: new Map(raised.filter(([, own]) => own !== 0)),
    factor: raise(factor, exponent),
    offset: zero,
  };
}

/** Whether values of two measures are the same numbers. */
export function isSameMeasure(left: Measure, right: Measure): boolean {
  return (
    dimensionsKey(left) === dimensionsKey(right) &&
    isSame(left.factor, right.factor) &&
    isSame(left.offset, right.offset)
  );
}

/** The same for measures that have the same dimensions. */
export function dimensionsKey({ dimensions }: Measure): string {
  return [...dimensions]
    .map(([base, exponent]) => `${base}(${exponent})`)
    .sort()
    .join("*");
}
