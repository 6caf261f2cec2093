import type { TextNotation } from "itwin-connector-framework/tables";
import type { CommentForm } from "./comments.js";
import type { RowForm } from "../rows/RowForm.js";

/** How a file is read: what the options say, and what was found out. */
export interface CsvLayout {
  readonly form: RowForm;
  /** The names of the columns. Undefined for a file without rows. */
  readonly names?: readonly string[];
  readonly hasInventedNames: boolean;
  /** The line in which the header begins; 0 where there is none. */
  readonly headerLine: number;
  /** The line in which the rows begin. */
  readonly firstLine: number;
  /** The line and the content of the row of units. */
  readonly units?: { readonly line: number; readonly texts: readonly (string | undefined)[] };
  readonly notation: TextNotation;
  /** How lines are taken that look like comments. Undefined where the dialect says what a comment is. */
  readonly comments?: CommentForm;
}
