import type { CellContent } from "./CellContent.js";
import { typeOfCell, type ColumnType, type TextReading } from "./columnTypes.js";
import { NotationReader } from "./NotationReader.js";
import { isNullMark } from "./nullMarks.js";
import type { TextNotation } from "./TextNotation.js";

/** What decides how the cells of a table are read. */
interface CellFormat extends TextReading {
  /** How texts write what is no text. */
  readonly notation?: TextNotation;
}

/** Reads cells as what they stand for, in the notation of their table. */
export class CellReader {
  private readonly _notation?: NotationReader;
  private readonly _nullMarks?: ReadonlySet<CellContent>;

  public constructor(private readonly _format: CellFormat) {
    const { isText, notation } = _format;
    if (isText && notation !== undefined) this._notation = new NotationReader(notation);
    if (notation?.nullMarks !== undefined) this._nullMarks = new Set(notation.nullMarks);
  }

  /** Whether a cell holds nothing in any column. */
  public isEmpty(content: CellContent): boolean {
    return content === "" || content === undefined || content === null || this._nullMarks?.has(content) === true;
  }

  /** Whether a text looks like a number, and is none in the notation of the table, such as 1.5 where the comma is decimal. */
  public isOnlyText(content: CellContent): boolean {
    return (
      this._notation !== undefined && typeof content === "string" && this._notation.canonical(content) === undefined
    );
  }

  /** The number or date that a text stands for, as JSON and ISO 8601 write it; another cell as it is. */
  public read(content: CellContent): CellContent {
    if (this._notation === undefined || typeof content !== "string") return content;
    return this._notation.canonical(content) ?? content;
  }

  /** The narrowest type that holds a cell without loss. The cell is not empty. */
  public typeOf(content: CellContent): ColumnType {
    return this.isOnlyText(content) ? "string" : typeOfCell(this.read(content), this._format);
  }

  /** The cell of a column of a type: undefined where it holds nothing, or a mark for a missing value. */
  public readAs(content: CellContent, type: ColumnType): CellContent {
    if (this.isEmpty(content)) return undefined;
    if (type === "string") return content;
    return isNullMark(content) ? undefined : this.read(content);
  }
}
