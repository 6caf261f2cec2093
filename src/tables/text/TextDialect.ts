import type { TextNotation } from "../cells/TextNotation.js";

/**
 * How a text writes a table. Members that are not given are found out where they are certain. `mapping.schema.json` validates
 * it.
 * @public
 */
export interface TextDialect extends TextNotation {
  /** What stands between cells: a text, or `whitespace` for any number of spaces and tabs. */
  readonly delimiter?: string;
  /** The character around cells that contain delimiters; `false` for a text without quotes. Default: `"`. */
  readonly quote?: string | false;
  /** The character before a quote within a quoted cell. Default: the quote itself. */
  readonly escape?: string;
  /** What a line begins with that is no row; `false` for a text without such lines. */
  readonly comment?: string | false;
  /** The line in which the header begins, counted from 1; 0 for a text without one. Or names of columns that it has. */
  readonly header?: number | readonly string[];
  /** How many rows the header has. Default: 1. */
  readonly headerRows?: number;
  /** Whether the row below the header has the units of the columns. */
  readonly unitsRow?: boolean;
  /** Whether spaces around cells do not count. */
  readonly trim?: boolean;
}
