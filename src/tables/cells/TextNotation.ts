/**
 * How texts write what is no text.
 * @public
 */
export interface TextNotation {
  /** What stands between the whole and the decimal digits of a number. Default: a point. */
  readonly decimal?: "." | ",";
  /** What stands between groups of three digits, such as `.`, `'` or a space. Default: nothing does. */
  readonly thousands?: string;
  /**
   * The forms of dates beside ISO 8601: `yyyy`, `MM` or `M`, `dd` or `d`, `HH`, `mm`, `ss`, with any other characters between,
   * such as `dd.MM.yyyy`. Default: there are no others.
   */
  readonly dates?: readonly string[];
  /** Texts that stand for an empty cell, in every column. Default: none does. */
  readonly nullMarks?: readonly string[];
}
