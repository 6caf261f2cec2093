/** How a text is cut into rows and cells. */
export interface RowForm {
  /** What stands between cells. Undefined: any number of spaces and tabs. */
  readonly delimiter: string | undefined;
  /** The character around cells that contain delimiters. Undefined: none is. */
  readonly quote?: string;
  /** The character before a quote within a quoted cell. */
  readonly escape?: string;
  /** What a line begins with that is no row. Undefined: every line is one. */
  readonly comment?: string;
  /** Whether spaces around cells do not count. */
  readonly trim: boolean;
}

/** The form of RFC 4180, but for the delimiter. */
export function plainForm(delimiter: string): RowForm {
  return { delimiter, quote: '"', escape: '"', trim: false };
}
