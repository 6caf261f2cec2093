import { DateForm } from "./DateForm.js";
import type { TextNotation } from "./TextNotation.js";

/** The beginning of a number or a date; no other text can be one. */
const beginning = /^[-+.,]?\d/;
/** A number as texts write it without any notation of their own. */
const pointNumber = /^[-+]?\d*\.\d+(?:[eE][-+]?\d+)?$/;

/** Characters between groups of digits that look alike, and are taken for one another. */
const lookalikes = [" \u00a0\u2009\u202f", "'\u2019"];

/** Reads texts that write numbers, dates and empty cells in a way of their own. */
export class NotationReader {
  private readonly _isPlain: boolean;
  private readonly _nullMarks: ReadonlySet<string>;
  private readonly _dates: readonly DateForm[];
  /** What a number looks like, in three parts. Undefined where numbers are those of JSON. */
  private readonly _number?: RegExp;
  private readonly _hasDecimalComma: boolean;

  public constructor(notation: TextNotation = {}) {
    const { decimal = ".", thousands, dates = [], nullMarks = [] } = notation;
    this._nullMarks = new Set(nullMarks);
    this._dates = dates.map((form) => new DateForm(form));
    this._hasDecimalComma = decimal === ",";
    if (this._hasDecimalComma || thousands !== undefined) this._number = numberForm(decimal, thousands);
    this._isPlain = this._number === undefined && dates.length + nullMarks.length === 0;
  }

  /**
   * A text as JSON would write its number, and ISO 8601 its date; the empty text for a mark of an empty cell. Any other text
   * is returned as it is.
   * @returns undefined for a text that must be kept as a text, although JSON would take it for a number: with a decimal comma
   * `1.5` is none.
   */
  public canonical(text: string): string | undefined {
    if (this._isPlain) return text;
    if (this._nullMarks.has(text)) return "";
    return beginning.test(text) ? (this._dateOf(text) ?? this._numberOf(text)) : text;
  }

  private _dateOf(text: string): string | undefined {
    for (const form of this._dates) {
      const date = form.read(text);
      if (date !== undefined) return date;
    }
    return undefined;
  }

  private _numberOf(text: string): string | undefined {
    const found = this._number?.exec(text)?.groups;
    if (found === undefined) return this._hasDecimalComma && pointNumber.test(text) ? undefined : text;
    const { whole = "", decimals, exponent = "" } = found;
    return `${whole.replace(/[^-+\d]/g, "")}${decimals === undefined ? "" : `.${decimals}`}${exponent}`;
  }
}

/**
 * A number in three parts: the whole with its sign, the decimal digits, and the exponent. Groups have three digits each, but for
 * the first one. A number may also have no groups.
 */
function numberForm(decimal: string, thousands: string | undefined): RegExp {
  const separators = lookalikes.find((all) => thousands !== undefined && all.includes(thousands)) ?? thousands;
  const grouped =
    separators === undefined ? "" : `[1-9]\\d{0,2}(?<group>[${escaped(separators)}])\\d{3}(?:\\k<group>\\d{3})*|`;
  const point = escaped(decimal);
  return new RegExp(`^(?<whole>[-+]?(?:${grouped}\\d*))(?:${point}(?<decimals>\\d+))?(?<exponent>[eE][-+]?\\d+)?$`);
}

function escaped(characters: string): string {
  return characters.replace(/[^\w\s]/g, "\\$&");
}
