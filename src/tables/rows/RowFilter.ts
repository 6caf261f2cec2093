import type { SourceLocation } from "../../ConnectorError.js";
import { textOf } from "../cells/columnTypes.js";
import { isEmpty, type CellContent } from "../cells/CellContent.js";
import type { TableRow } from "../format/TableReader.js";
import { listNames, shorten, type SourceErrors } from "../format/SourceErrors.js";
import type { ColumnCondition, ConditionValue, RowConditions } from "../format/RowConditions.js";

/** Whether a cell fulfils a condition. */
type CellTest = (content: CellContent) => boolean;

/** What a filter needs to know of a table. */
export interface FilterContext {
  /** The number or date that a text stands for, as JSON and ISO 8601 write it. */
  toCanonical: (content: CellContent) => CellContent;
  /** The error of a column that the table does not have. Undefined where columns may be missing: they are empty then. */
  unknownColumn?: (column: string, header: TableRow) => Error;
}

/** The error of a column that the option `where` names, and the table does not have. */
export function unknownInWhere(
  column: string,
  names: readonly string[],
  { errors, source }: { errors: SourceErrors; source: SourceLocation },
): Error {
  return errors.make("unknown-column", `There is no column "${shorten(column)}", which the option "where" names.`, {
    source,
    advice: `The columns are: ${listNames(names)}.`,
  });
}

/** Lets those rows of a table pass that fulfil conditions. */
export class RowFilter {
  /** How many rows were left out since the header came. */
  public leftOut = 0;
  /** The first row that was left out. */
  public firstLeftOut?: TableRow;
  /** The first column that the table does not have, and those that it has. */
  public missing?: { readonly column: string; readonly names: readonly string[] };
  private readonly _tests: readonly (readonly [column: string, test: CellTest])[];
  private _columns: readonly number[] = [];

  public constructor(
    conditions: RowConditions,
    private readonly _context: FilterContext,
  ) {
    this._tests = Object.entries(conditions).map(([column, condition]) => [column, testOf(condition)]);
  }

  /** Begins with the header of the table. */
  public begin(header: TableRow): void {
    this.leftOut = 0;
    this.firstLeftOut = undefined;
    const names = header.cells.map((cell) => textOf(cell).trim());
    this._columns = this._tests.map(([column]) => this._find(column, names, header));
  }

  /** The rows that pass. */
  public apply(rows: readonly TableRow[]): readonly TableRow[] {
    return rows.filter((row) => {
      if (this._tests.every(([, test], index) => test(this._read(row, this._columns[index] ?? -1)))) return true;
      this.leftOut++;
      this.firstLeftOut ??= row;
      return false;
    });
  }

  private _read({ cells }: TableRow, column: number): CellContent {
    const content = cells[column];
    return isEmpty(content) ? undefined : this._context.toCanonical(content);
  }

  private _find(column: string, names: readonly string[], header: TableRow): number {
    const index = names.indexOf(column);
    if (index < 0) this.missing ??= { column, names };
    if (index < 0 && this._context.unknownColumn !== undefined) throw this._context.unknownColumn(column, header);
    return index;
  }
}

function testOf(condition: RowConditions[string]): CellTest {
  const { is, not, from, to, matches, isEmpty: wantsEmpty } = isPlain(condition) ? { is: condition } : condition;
  const tests: CellTest[] = [];
  if (is !== undefined) tests.push(equals(is));
  if (not !== undefined) tests.push((content) => !equals(not)(content));
  if (from !== undefined) tests.push((content) => compare(content, from) >= 0);
  if (to !== undefined) tests.push((content) => compare(content, to) <= 0);
  if (matches !== undefined) tests.push(matcher(matches));
  if (wantsEmpty !== undefined) tests.push((content) => (content === undefined) === wantsEmpty);
  return (content) => tests.every((test) => test(content));
}

function isPlain(condition: RowConditions[string]): condition is ConditionValue | readonly ConditionValue[] {
  return typeof condition !== "object" || Array.isArray(condition);
}

function equals(wanted: NonNullable<ColumnCondition["is"]>): CellTest {
  const values: readonly ConditionValue[] = typeof wanted === "object" ? wanted : [wanted];
  const texts = new Set(values.map(String));
  const flags = new Set(values.filter((value) => typeof value === "boolean").map(String));
  const numbers = new Set(values.filter((value) => typeof value === "number"));
  return (content) => {
    if (content === undefined) return false;
    const text = textOf(content);
    return texts.has(text) || flags.has(text.toLowerCase()) || numbers.has(numberOf(text));
  };
}

/** Below, at or above zero as the cell is; NaN, which is neither, for one that cannot be compared. */
function compare(content: CellContent, limit: number | string): number {
  if (content === undefined) return NaN;
  const text = textOf(content);
  if (typeof limit === "number") return numberOf(text) - limit;
  return text < limit ? -1 : Number(text > limit);
}

function numberOf(text: string): number {
  return text.trim() === "" ? NaN : Number(text);
}

function matcher(expression: string): CellTest {
  const pattern = new RegExp(expression, "u");
  return (content) => content !== undefined && pattern.test(textOf(content));
}
