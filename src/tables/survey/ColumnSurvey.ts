import type { CellReader } from "../cells/CellReader.js";
import { covers, isNumeric, widen, type ColumnType } from "../cells/columnTypes.js";
import { isNullMark } from "../cells/nullMarks.js";
import type { CellContent } from "../cells/CellContent.js";
import { DecimalForms, type DecimalState } from "./DecimalForms.js";

/** What a column holds. */
export interface ColumnFinding {
  /** The narrowest type that holds all of its cells without loss; undefined for a column without any value. */
  readonly type: ColumnType | undefined;
  /** The texts in it that stand for a missing value, such as `N/A` in a column of numbers. */
  readonly nullMarks: readonly string[];
  /** What its decimals have, in a table of texts. */
  readonly decimals?: DecimalState;
}

/** Finds out what a column holds, cell by cell. Each cell that is not empty is added once. */
export class ColumnSurvey {
  private _found?: ColumnType;
  private _marks?: Set<string>;
  private readonly _decimals?: DecimalForms;

  public constructor(
    private readonly _cells: CellReader,
    /** Whether numbers are written by people and programs, and not kept as numbers. */
    isText: boolean,
    /** The type that the source declares. */
    private readonly _declared?: ColumnType,
    /** What the decimals of cells have that are not added. */
    decimals?: DecimalState,
  ) {
    if (isText) this._decimals = new DecimalForms(decimals);
  }

  /** Adds a cell. */
  public add(content: CellContent): void {
    if (this._found === "string") return;
    if (isNullMark(content)) (this._marks ??= new Set()).add(content as string);
    else this._add(content);
  }

  /** The type of the cells so far, those that stand for nothing left aside. */
  public get typeSoFar(): ColumnType | undefined {
    return isNumeric(this._found) && this._decimals?.areOne === false ? "string" : this._found;
  }

  /** What all cells so far are. */
  public get finding(): ColumnFinding {
    const type = this._type;
    const nullMarks = type === "string" ? [] : [...(this._marks ?? [])];
    return { type, nullMarks, ...(this._decimals !== undefined && { decimals: this._decimals.state }) };
  }

  private _add(content: CellContent): void {
    const type = this._cells.typeOf(content);
    if (type !== this._found) this._found = widen(this._found, type);
    if (this._decimals !== undefined && isNumeric(type)) this._decimals.add(this._cells.read(content) as string);
  }

  /** A column of marks alone keeps them: nothing says what is missing. */
  private get _type(): ColumnType | undefined {
    const found = this.typeSoFar;
    if (this._declared !== undefined && covers(this._declared, found)) return this._declared;
    return found ?? (this._marks === undefined ? undefined : "string");
  }
}
