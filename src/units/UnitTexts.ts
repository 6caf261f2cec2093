import { dimensionsKey, isSameMeasure, power, times, type Measure, type Measures } from "./Measure.js";
import { parseUnitText, spell, type UnitFactor } from "./parseUnitText.js";
import { raise, zero, type Rational } from "./Rational.js";
import type { DefinedUnit, UnitsSchema } from "./readUnitsSchema.js";
import { absolutes, ambiguousTexts, prefixable, prefixes, prefixNames, symbols, wholeTexts, words } from "./symbols.js";

/** What a symbol stands for, with the prefix that was taken off. */
interface Atom {
  /** In the notation of the schema, such as `W*HR`. */
  readonly definition: string;
  readonly prefix: string;
}

type AtomFactor = UnitFactor & Atom;

/** Quantities whose units have the texts of more usual quantities: `kN/m` is a load, unless the name says otherwise. */
const springs: ReadonlySet<string> = new Set(["SPRING_CONSTANT", "LINEAR_SPRING_CONSTANT", "AREA_SPRING_CONSTANT"]);

/** Quantities that are powers of another one in the texts of their units. */
const powers: ReadonlyMap<string, UnitFactor> = new Map([
  ["AREA", { symbol: "LENGTH", exponent: 2 }],
  ["VOLUME", { symbol: "LENGTH", exponent: 3 }],
]);

/** A force by a length can be work or a torque. The schema takes a torque for work by an angle. */
const moment = signatureOf([
  { symbol: "FORCE", exponent: 1 },
  { symbol: "LENGTH", exponent: 1 },
]);

const ten: Rational = { numerator: 10n, denominator: 1n };

/** Finds units of the schema by what people write. */
export class UnitTexts {
  private readonly _wholes: ReadonlyMap<string, DefinedUnit | undefined>;
  /** Units by their labels; those that have one in common are not there. */
  private readonly _byLabel: ReadonlyMap<string, DefinedUnit>;
  /** Units by the factors of their labels. */
  private readonly _byFactors = new Map<string, DefinedUnit[]>();
  private readonly _byDimensions = new Map<string, DefinedUnit[]>();
  /** Of what quantities those of units are products, by signature: `FORCE(1) LENGTH(-2)` for `PRESSURE`. */
  private readonly _signatures = new Map<string, Set<string>>();

  public constructor(
    private readonly _schema: UnitsSchema,
    private readonly _measures: Measures,
  ) {
    const units = [..._schema.units.values()];
    this._wholes = new Map([...wholeTexts].map(([text, name]) => [spell(text), _schema.units.get(name)]));
    this._byLabel = uniqueLabels(units);
    for (const { name, definition } of _schema.phenomena.values())
      this._signatures.set(name, new Set([signatureOf(factorsOf(definition)), signatureOf(factorsOf(name))]));
    for (const unit of units) this._add(unit);
  }

  /** The unit of a symbol or a word, such as `m²`, `kN/m` or `square metre`; undefined where there is none, or several. */
  public find(text: string): DefinedUnit | undefined {
    if (ambiguousTexts.has(text.trim())) return undefined;
    return this._ofSpelt(spell(text)) ?? this._ofSpelt(spell(symbolsOf(text)));
  }

  private _add(unit: DefinedUnit): void {
    addTo(this._byDimensions, dimensionsKey(this._measures.of(unit.name)), unit);
    const factors = unit.label === undefined ? undefined : this._parse(spell(unit.label), false);
    if (factors === undefined) return;
    if (!springs.has(unit.phenomenon)) addTo(this._byFactors, factorsKey(factors), unit);
    this._signatures.get(unit.phenomenon)?.add(this._signatureOf(factors));
  }

  private _ofSpelt(text: string): DefinedUnit | undefined {
    return this._wholes.get(text) ?? this._byLabel.get(text) ?? this._ofProduct(text);
  }

  private _ofProduct(text: string): DefinedUnit | undefined {
    const strict = this._parse(text, false);
    if (strict === undefined) return undefined;
    const found = this._ofFactors(strict);
    if (found !== undefined || !text.includes("/")) return found;
    const lenient = this._parse(text, true);
    return lenient && this._ofFactors(lenient);
  }

  /** The factors with what their symbols stand for; undefined where one is unknown. */
  private _parse(text: string, isLenient: boolean): AtomFactor[] | undefined {
    const factors = parseUnitText(text, isLenient);
    const found = factors?.flatMap((factor) => {
      const atom = this._atomOf(factor.symbol);
      return atom === undefined ? [] : [{ ...factor, ...atom }];
    });
    return found?.length === factors?.length ? found : undefined;
  }

  private _atomOf(symbol: string): Atom | undefined {
    const definition = prefixable.get(symbol) ?? symbols.get(symbol) ?? this._byLabel.get(symbol)?.name;
    if (definition !== undefined) return { definition, prefix: "" };
    for (const length of [1, 2]) {
      const prefix = symbol.slice(0, length).replace("u", "µ");
      const prefixed = prefixes.has(prefix) ? prefixable.get(symbol.slice(length)) : undefined;
      if (prefixed !== undefined) return { definition: prefixed, prefix };
    }
    return undefined;
  }

  private _ofFactors(factors: readonly AtomFactor[]): DefinedUnit | undefined {
    const [first, ...others] = factors;
    if (first !== undefined && others.length === 0 && first.exponent === 1) return this._ofSingle(first);
    return choose(this._byFactors.get(factorsKey(factors)) ?? []) ?? this._ofMeaning(factors);
  }

  /** A symbol alone. A temperature is one, and no difference; the schema has none with a prefix. */
  private _ofSingle(factor: AtomFactor): DefinedUnit | undefined {
    const { definition, prefix } = factor;
    const absolute = absolutes.get(definition);
    if (prefix === "") return this._schema.units.get(absolute ?? definition) ?? this._ofMeaning([factor]);
    return absolute === undefined ? this._ofMeaning([factor]) : undefined;
  }

  /** The unit of the same meaning, of a quantity that is such a product. Pure numbers mean nothing. */
  private _ofMeaning(factors: readonly AtomFactor[]): DefinedUnit | undefined {
    const measure = factors.map((factor) => this._measureOf(factor)).reduce(times);
    const signature = this._signatureOf(factors);
    if (measure.dimensions.size === 0 || signature === moment) return undefined;
    const units = (this._byDimensions.get(dimensionsKey(measure)) ?? []).filter(
      ({ name, phenomenon }) =>
        isSameMeasure(this._measures.of(name), measure) && this._signatures.get(phenomenon)?.has(signature),
    );
    return choose(units);
  }

  private _measureOf({ definition, prefix, exponent }: AtomFactor): Measure {
    const measure = this._measures.ofProduct(definition);
    const scale = { dimensions: new Map(), factor: raise(ten, prefixes.get(prefix) ?? 0), offset: zero };
    return power(times(scale, measure), exponent);
  }

  private _signatureOf(factors: readonly AtomFactor[]): string {
    const quantities = factors.flatMap(({ definition, exponent: outer }) =>
      factorsOf(definition).map(({ symbol, exponent }) => {
        const phenomenon = this._schema.units.get(symbol)?.phenomenon ?? symbol;
        return { symbol: phenomenon, exponent: exponent * outer };
      }),
    );
    return signatureOf(quantities);
  }
}

/** The usual unit of several that a text may mean, where all are of one quantity. */
function choose(units: readonly DefinedUnit[]): DefinedUnit | undefined {
  const usual = units.filter(({ phenomenon }) => !springs.has(phenomenon));
  const [first, ...others] = usual;
  if (others.some(({ phenomenon }) => phenomenon !== first?.phenomenon)) return undefined;
  return usual.find(({ system }) => system === "SI") ?? first;
}

/** The factors of a definition of the schema, such as `FORCE*AREA(-1)`. */
function factorsOf(definition: string): UnitFactor[] {
  return definition.split("*").map((factor) => {
    const [, symbol = "", exponent = "1"] = /^\[?(\w+)\]?(?:\((-?\d+)\))?$/.exec(factor) ?? [];
    return { symbol, exponent: Number(exponent) };
  });
}

/** Names a product of quantities, in any order. */
function signatureOf(quantities: readonly UnitFactor[]): string {
  return quantities
    .map(({ symbol, exponent }) => {
      const base = powers.get(symbol) ?? { symbol, exponent: 1 };
      return `${base.symbol}(${base.exponent * exponent})`;
    })
    .sort()
    .join(" ");
}

function uniqueLabels(units: readonly DefinedUnit[]): Map<string, DefinedUnit> {
  const byLabel = new Map<string, DefinedUnit[]>();
  for (const unit of units)
    if (unit.label !== undefined && !springs.has(unit.phenomenon)) addTo(byLabel, spell(unit.label), unit);
  const unique = [...byLabel].flatMap(([label, [unit, ...others]]) =>
    unit === undefined || others.length > 0 || ambiguousTexts.has(label) ? [] : [[label, unit] as const],
  );
  return new Map(unique);
}

function addTo(map: Map<string, DefinedUnit[]>, key: string, unit: DefinedUnit): void {
  const units = map.get(key);
  if (units === undefined) map.set(key, [unit]);
  else units.push(unit);
}

/** The same for products of the same factors, in any order. */
function factorsKey(factors: readonly AtomFactor[]): string {
  return factors
    .map(({ prefix, definition, exponent }) => `${prefix} ${definition} ${exponent}`)
    .sort()
    .join("·");
}

/** A text of words as one of symbols: `cubic metres per hour` is `m³/h`. A word that is unknown stays as it is. */
function symbolsOf(text: string): string {
  const parts = text
    .trim()
    .replace(/[_\s]+/g, " ")
    .split(/ per | ?\/ ?/i);
  return parts.map(symbolOf).join("/");
}

function symbolOf(part: string): string {
  const [, kind = "", word = ""] = /^(square |cubic )?(.*)$/i.exec(part) ?? [];
  const exponent = { "square ": "²", "cubic ": "³" }[kind.toLowerCase()] ?? "";
  return `${symbolOfWord(word.toLowerCase()) ?? word}${exponent}`;
}

function symbolOfWord(word: string): string | undefined {
  const singulars = [word, word.replace(/(?<=inch)es$|s$/, ""), word.replace(/^degrees /, "degree ")];
  return singulars.map((singular) => words.get(singular) ?? prefixedWord(singular)).find((symbol) => symbol);
}

function prefixedWord(word: string): string | undefined {
  for (const [name, prefix] of prefixNames) {
    const symbol = word.startsWith(name) ? words.get(word.slice(name.length)) : undefined;
    if (symbol !== undefined && prefixable.has(symbol)) return prefix + symbol;
  }
  return undefined;
}
