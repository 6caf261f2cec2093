/** SI prefixes by their symbols, as powers of ten. */
export const prefixes: ReadonlyMap<string, number> = new Map(
  Object.entries({
    Y: 24, Z: 21, E: 18, P: 15, T: 12, G: 9, M: 6, k: 3, h: 2, da: 1, d: -1, c: -2, m: -3, µ: -6, u: -6, n: -9, p: -12,
    f: -15, a: -18, z: -21, y: -24,
  }),
); // prettier-ignore

/** SI prefixes by their names, as symbols. */
export const prefixNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    exa: "E", peta: "P", tera: "T", giga: "G", mega: "M", kilo: "k", hecto: "h", deca: "da", deci: "d", centi: "c",
    milli: "m", micro: "µ", nano: "n", pico: "p", femto: "f", atto: "a",
  }),
); // prettier-ignore

/** Symbols that take SI prefixes, with what they are in the notation of the schema. */
export const prefixable: ReadonlyMap<string, string> = new Map(
  Object.entries({
    m: "M", g: "G", s: "S", A: "A", K: "DELTA_KELVIN", mol: "MOL", cd: "CD", rad: "RAD", sr: "STERAD", Hz: "HZ",
    N: "N", Pa: "PA", J: "J", W: "W", C: "COULOMB", V: "VOLT", Ω: "OHM", ohm: "OHM", lm: "LUMEN", lx: "LUX",
    l: "LITRE", L: "LITRE", bar: "BAR", t: "TONNE", Wh: "W*HR", VA: "VA", P: "POISE", St: "STOKE",
  }),
); // prettier-ignore

/** Symbols without prefixes, beside the labels that the schema has. Temperatures are differences here. */
export const symbols: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "%": "PERCENT", "°C": "DELTA_CELSIUS", degC: "DELTA_CELSIUS", "°F": "DELTA_FAHRENHEIT", degF: "DELTA_FAHRENHEIT",
    "°R": "DELTA_RANKINE", degR: "DELTA_RANKINE", "°": "ARC_DEG", deg: "ARC_DEG", "′": "ARC_MINUTE",
    "″": "ARC_SECOND", gon: "GRAD", rev: "REVOLUTION", sec: "S", hr: "HR", d: "DAY", day: "DAY", yr: "YR", wk: "WEEK",
    "us-ft": "US_SURVEY_FT", ftUS: "US_SURVEY_FT", mi: "MILE", nmi: "NAUT_MILE", acre: "ACRE", ha: "HECTARE",
    lbm: "LBM", lbs: "LBM", kip: "KPF", klf: "KPF*FT(-1)", plf: "LBF*FT(-1)", pcf: "LBM*FT(-3)", psi: "PSI", psf: "PSF",
    hp: "HP", Btu: "BTU", BTU: "BTU", gpm: "GALLON_PER_MIN", cfm: "CUB_FT_PER_MIN", cfs: "CUB_FT_PER_SEC",
    mph: "MPH", kph: "KM_PER_HR", kn: "KNOT_INTERNATIONAL", rpm: "RPM", cc: "CUB_CM", mWS: "M_H2O", mbar: "MBAR", µl: "MICROLITRE",
    µL: "MICROLITRE",
  }),
); // prettier-ignore

/** Units that values are measured in where their text is that of a difference. */
export const absolutes: ReadonlyMap<string, string> = new Map([
  ["DELTA_KELVIN", "K"],
  ["DELTA_CELSIUS", "CELSIUS"],
  ["DELTA_FAHRENHEIT", "FAHRENHEIT"],
  ["DELTA_RANKINE", "RANKINE"],
]);

/** Whole texts that mean something else than their parts, or that the schema uses for several units. */
export const wholeTexts: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "%": "PERCENT", "1": "ONE", "N/m²": "PA", "N/m": "N_PER_M", "kN/m": "KN_PER_M", "kpf/ft": "KPF_PER_FT",
    "lbf/ft²": "PSF", "N/m³": "N_PER_CUB_M", "kN/m³": "KN_PER_CUB_M", "kpf/ft³": "KPF_PER_CUB_FT",
    DEG_CELSIUS: "CELSIUS", DEG_FAHRENHEIT: "FAHRENHEIT", DEG_KELVIN: "K", "W/mK": "W_PER_M_K", "J/kgK": "J_PER_KG_K", "kJ/kgK": "J_PER_G_CELSIUS",
    mmH2O: "MM_H2O", mH2O: "M_H2O", mmHg: "MM_HG_AT_32F",
  }),
); // prettier-ignore

/** Texts that mean different units to different people. */
export const ambiguousTexts: ReadonlySet<string> = new Set([
  "'",
  "''",
  '"',
  "tph",
  "KA",
  "p",
  "r",
  "ba",
  "one",
  "slope",
]);

/** Words in the singular, as symbols. Prefixes may stand before those of {@link prefixable}. */
export const words: ReadonlyMap<string, string> = new Map(
  Object.entries({
    metre: "m", meter: "m", gram: "g", gramme: "g", second: "s", minute: "min", hour: "h", day: "d", week: "week",
    year: "years", ampere: "A", kelvin: "K", mole: "mol", candela: "cd", radian: "rad", steradian: "sr", hertz: "Hz",
    newton: "N", pascal: "Pa", joule: "J", watt: "W", coulomb: "C", volt: "V", ohm: "Ω", lumen: "lm", lux: "lx",
    litre: "l", liter: "l", tonne: "t", celsius: "°C", fahrenheit: "°F", rankine: "°R", "degree celsius": "°C",
    "degree fahrenheit": "°F", "degree rankine": "°R", degree: "°", gradian: "gon", revolution: "rev", percent: "%",
    micron: "µm", inch: "in", foot: "ft", feet: "ft", yard: "yd", mile: "mi", "nautical mile": "nmi",
    "us survey foot": "us-ft", "us survey feet": "us-ft", acre: "acre", hectare: "ha", pound: "lb", ounce: "oz",
    "pound force": "lbf", kip: "kip", gallon: "gal", "gallon us": "gal", "us gallon": "gal", "gallon uk": "gal (imp)",
    "ton us": "tn (short)", "ton uk": "tn (long)", "short ton": "tn (short)", "long ton": "tn (long)",
    horsepower: "hp", knot: "kn", atmosphere: "atm", "standard atmosphere": "atm", mph: "mph", psi: "psi", ksi: "ksi",
    btu: "Btu", lbf: "lbf",
  }),
); // prettier-ignore
