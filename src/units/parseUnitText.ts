/** A factor of a unit, such as m² in kg/m². */
export interface UnitFactor {
  readonly symbol: string;
  readonly exponent: number;
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Characters that are written in several ways, as one. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/[\u03BC]/g, "µ"],
  [/\u2126/g, "Ω"],
  [/℃/g, "°C"],
  [/℉/g, "°F"],
  [/º/g, "°"],
  [/° +(?=[CFRK]\b)/g, "°"],
  [/\u0394|\u2206/g, "Δ"],
  [/[⋅∙•×*·]|\*\*(?!-?\d)/g, "·"],
  [/[⁄∕÷]/g, "/"],
  [/[−–⁻]/g, "-"],
];

/** A text of a unit with one way of writing for each sign: `m**2`, `m^2`, `m2` and `m²` are `m²`. */
export function spell(text: string): string {
  let spelt = text.trim().replace(/\*\*/g, "^");
  for (const [others, one] of spellings) spelt = spelt.replace(others, one);
  return spelt
    .replace(/[⁰¹²³⁴-⁹]/g, (digit) => String(superscripts.indexOf(digit)))
    .replace(/\^\((-?\d+)\)/g, "^$1")
    .replace(/(?<=[A-Za-zµΩ°)])\^?(-?\d+)/g, (_, digits: string) => raised(digits))
    .replace(/\s*([·/()])\s*/g, "$1");
}

function raised(digits: string): string {
  return digits.replace(/\d/g, (digit) => superscripts.charAt(Number(digit)));
}

/** A part of the text: a symbol, an exponent, an operator or a bracket. */
const token = /([A-Za-zµΩΔ°%′″$¤]+(?:-ft)?)|(-?[⁰¹²³⁴-⁹]+)|([·/() ])|(1)(?=[/·])/uy;

interface Tokens {
  readonly list: readonly string[];
  at: number;
}

/**
 * The factors of a unit in the spelling of {@link spell}, such as `kN·m⁻²` or `W/(m²·K)`. What is written without a sign
 * between belongs together: `W/m²K` is `W/(m²·K)`.
 * @param isLenient - whether everything behind a slash is below the line: `W/m²·K` is `W/(m²·K)`, too
 * @returns undefined for another text
 */
export function parseUnitText(text: string, isLenient: boolean): UnitFactor[] | undefined {
  const list = tokensOf(text);
  if (list === undefined) return undefined;
  const tokens: Tokens = { list, at: 0 };
  const factors = product(tokens, isLenient);
  return tokens.at === list.length && factors !== undefined && factors.length > 0 ? factors : undefined;
}

function tokensOf(text: string): string[] | undefined {
  const list: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const [found] = token.exec(text) ?? [];
    if (found === undefined) return undefined;
    list.push(found);
  }
  return list;
}

function product(tokens: Tokens, isLenient: boolean): UnitFactor[] | undefined {
  const factors: UnitFactor[] = [];
  for (let sign = 1; ;) {
    const next = group(tokens, isLenient);
    if (next === undefined) return undefined;
    factors.push(...next.map(({ symbol, exponent }) => ({ symbol, exponent: exponent * sign })));
    const operator = tokens.list[tokens.at];
    if (operator !== "·" && operator !== "/" && operator !== " ") return factors;
    tokens.at++;
    sign = operator === "/" || (isLenient && sign < 0) ? -1 : 1;
  }
}

/** What stands without a sign between. */
function group(tokens: Tokens, isLenient: boolean): UnitFactor[] | undefined {
  const factors: UnitFactor[] = [];
  const start = tokens.at;
  while (isPrimary(tokens.list[tokens.at])) {
    const next = primary(tokens, isLenient);
    if (next === undefined) return undefined;
    factors.push(...next);
  }
  return tokens.at === start ? undefined : factors;
}

function isPrimary(found: string | undefined): boolean {
  return found === "(" || found === "1" || (found !== undefined && !/^[·/() ]|^-?[⁰¹²³⁴-⁹]/u.test(found));
}

function primary(tokens: Tokens, isLenient: boolean): UnitFactor[] | undefined {
  const symbol = tokens.list[tokens.at++] ?? "";
  if (symbol === "1") return [];
  const inner = symbol === "(" ? product(tokens, isLenient) : [{ symbol, exponent: 1 }];
  if (inner === undefined || (symbol === "(" && tokens.list[tokens.at++] !== ")")) return undefined;
  const exponent = exponentOf(tokens);
  return inner.map((factor) => ({ ...factor, exponent: factor.exponent * exponent }));
}

function exponentOf(tokens: Tokens): number {
  const found = tokens.list[tokens.at] ?? "";
  if (!/^-?[⁰¹²³⁴-⁹]/u.test(found)) return 1;
  tokens.at++;
  return Number(found.replace(/[⁰¹²³⁴-⁹]/gu, (digit) => String(superscripts.indexOf(digit))));
}
