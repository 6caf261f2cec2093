import { LoopTurns } from "../../LoopTurns.js";
import { typeOfCell, widen, type ColumnType } from "../cells/columnTypes.js";
import { PositionSurvey } from "./PositionSurvey.js";
import { shorten, type SourceErrors } from "../format/SourceErrors.js";
import { idOf } from "../cells/rowIds.js";
import { readStorableRows } from "./storableRows.js";
import { readHeader, type ColumnRoles, type TableHeader } from "./tableHeader.js";
import { isEmpty, type Table, type TableRow } from "../format/TableReader.js";

/** What a first pass over a table finds out. */
export interface TableSurvey {
  header: TableHeader;
  /** The type of each column; undefined for one without any value. */
  types: (ColumnType | undefined)[];
  /** How many rows there are. */
  rowCount: number;
  /** Where the rows are; undefined for a table without columns of coordinates. */
  positions?: PositionSurvey;
}

/**
 * Reads a table once to the end: refuses what cannot be synchronized, and finds out the types of the columns.
 * All that it remembers of a row is its identifier, and that only until it returns.
 * @returns undefined for a table without rows whose columns the source names by other means than a row
 * @throws ConnectorError for a table that cannot be synchronized
 */
export async function surveyTable(
  table: Table,
  roles: ColumnRoles,
  errors: SourceErrors,
): Promise<TableSurvey | undefined> {
  let header: TableRow | undefined;
  let surveyor: Surveyor | undefined;
  const begin = (row: TableRow) => new Surveyor(readHeader(row, table, roles, errors), table, errors);
  const turns = new LoopTurns();
  for await (const row of readStorableRows(table, errors)) {
    if (header === undefined) {
      header = row;
      if (row.number > 0) surveyor = begin(header); // checked even where nothing follows it
    } else (surveyor ??= begin(header)).add(row);
    if (turns.areDue) await turns.take();
  }
  if (header === undefined) throw emptyTable(table, errors);
  return surveyor?.finish();
}

class Surveyor {
  private readonly _rowOfId = new Map<string, number>();
  private readonly _types: (ColumnType | undefined)[];
  private readonly _positions?: PositionSurvey;

  public constructor(
    private readonly _header: TableHeader,
    private readonly _table: Table,
    private readonly _errors: SourceErrors,
  ) {
    this._types = _header.names.map(() => undefined);
    if (_header.coordinates !== undefined)
      this._positions = new PositionSurvey(_header.coordinates, { table: _table, errors: _errors });
  }

  public add(row: TableRow): void {
    this._checkLength(row);
    this._checkId(row);
    this._positions?.add(row);
    const { cells } = row;
    for (let column = 0; column < cells.length; column++) {
      const content = cells[column];
      if (!isEmpty(content) && this._types[column] !== "string")
        this._types[column] = widen(this._types[column], typeOfCell(content, this._table));
    }
  }

  public finish(): TableSurvey {
    this._positions?.check();
    return { header: this._header, types: this._types, rowCount: this._rowOfId.size, positions: this._positions };
  }

  private _checkLength({ cells, number, lastNumber = number }: TableRow): void {
    const expected = this._header.names.length;
    if (cells.length === expected) return;
    const hint =
      lastNumber > number ? `It goes on to ${this._table.rowNoun} ${lastNumber}: see whether a quote is missing. ` : "";
    throw this._errors.make("ragged-row", `The row has ${countCells(cells.length)}, the header has ${expected}.`, {
      source: this._table.locate(number),
      advice: `${hint}Give each row one cell for each column, and put a cell with a delimiter in quotes.`,
    });
  }

  private _checkId(row: TableRow): void {
    const { number } = row;
    const { names, idColumns } = this._header;
    const id = idOf(row, idColumns);
    const source = () => this._table.locate(number, idColumns.map((column) => names[column]).join(", "));
    if (id === "")
      throw this._errors.make("empty-id", "The row has no identifier.", {
        source: source(),
        advice: "Give each row an identifier of its own, the same in every version of the file.",
      });
    const earlier = this._rowOfId.get(id);
    if (earlier !== undefined)
      throw this._errors.make(
        "duplicate-id",
        `The identifier "${shorten(id)}" of ${this._table.rowNoun} ${number} is that of ${this._table.rowNoun} ${earlier} too.`,
        {
          source: source(),
          advice: 'Give each row an identifier of its own, or name another column with the option "idColumn".',
        },
      );
    this._rowOfId.set(id, number);
  }
}

function countCells(count: number): string {
  return count === 1 ? "1 cell" : `${count} cells`;
}

function emptyTable(table: Table, errors: SourceErrors): Error {
  return errors.make("empty-file", `The ${nounOf(table)} is empty.`, {
    source: table.isText ? {} : table.locate(1),
    advice: "Export the file anew: it needs a header and rows.",
  });
}

/** A text is one table, and what is wrong with it is wrong with the file. */
function nounOf(table: Table): string {
  return table.isText ? "file" : `table ${shorten(table.name)}`;
}
