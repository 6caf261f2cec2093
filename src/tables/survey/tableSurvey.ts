import { LoopTurns } from "../../LoopTurns.js";
import type { SourceErrors } from "../format/SourceErrors.js";
import { shorten } from "../format/SourceErrors.js";
import type { Table, TableRow } from "../format/TableReader.js";
import { readBatches } from "../rows/readBatches.js";
import type { RowFilter } from "../rows/RowFilter.js";
import type { ColumnFinding } from "./ColumnSurvey.js";
import type { TablePositions } from "./PositionSurvey.js";
import type { KeptTable } from "./KeptTable.js";
import { Surveyor, type SurveyContext } from "./Surveyor.js";
import { readHeader, type ColumnRoles, type TableHeader } from "./tableHeader.js";

/** What is found out about a table before its rows are written. */
export interface TableSurvey {
  readonly header: TableHeader;
  /** What each column holds. */
  readonly columns: readonly ColumnFinding[];
  /** The units of the columns as a row of units gives them. */
  readonly units?: Table["units"];
  /** Whether there are rows. */
  readonly hasRows: boolean;
  /** Where the rows are; undefined for a table without columns of coordinates. */
  readonly positions?: TablePositions;
  /** What the last run found out, where this run relies on it: rows are checked against it when they are read. */
  readonly kept?: KeptTable;
}

/**
 * Reads a table once to the end: refuses what cannot be synchronized, and finds out the types of the columns.
 * @returns undefined for a table without rows whose columns the source names by other means than a row
 * @throws ConnectorError for a table that cannot be synchronized
 */
export async function surveyTable(
  context: SurveyContext,
  roles: ColumnRoles,
  filter?: RowFilter,
): Promise<TableSurvey | undefined> {
  const { table, errors } = context;
  let first: TableRow | undefined;
  let surveyor: Surveyor | undefined;
  const begin = (row: TableRow) => new Surveyor(readHeader(row, table, roles, errors), context);
  const turns = new LoopTurns();
  for await (const rows of readBatches(table, errors, filter)) {
    if (first === undefined) {
      [first] = rows as [TableRow];
      if (first.number > 0) surveyor = begin(first); // checked even where nothing follows it
      continue;
    }
    surveyor ??= begin(first);
    for (const row of rows) {
      surveyor.add(row);
      if (turns.areDue) await turns.take();
    }
  }
  if (first === undefined) throw emptyTable(table, errors);
  return surveyor && finish(surveyor, table);
}

/** The survey of an earlier run, which the rows have to agree with. */
export function recallSurvey(kept: KeptTable, { table, errors }: SurveyContext, roles: ColumnRoles): TableSurvey {
  const header = readHeader({ number: kept.row, cells: kept.names }, table, roles, errors);
  const columns = kept.types.map((type) => ({ type: type === "" ? undefined : type, nullMarks: [] }));
  const { coordinates } = header;
  const positions = coordinates && { columns: coordinates, figures: kept.positions };
  return { header, columns, units: table.units, hasRows: true, positions, kept };
}

function finish({ header, findings: columns, rowCount, positions }: Surveyor, { units }: Table): TableSurvey {
  positions?.check();
  return { header, columns, units, hasRows: rowCount > 0, positions };
}

function emptyTable(table: Table, errors: SourceErrors): Error {
  return errors.make("empty-file", `The ${nounOf(table)} is empty.`, {
    source: table.isText ? {} : table.locate(0),
    advice: "Export the file again: it needs a header and rows.",
  });
}

/** A text is one table, and what is wrong with it is wrong with the file. */
function nounOf(table: Table): string {
  return table.isText ? "file" : `table ${shorten(table.name)}`;
}
