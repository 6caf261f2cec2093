import { ConnectorError } from "../../ConnectorError.js";
import { CellReader } from "../cells/CellReader.js";
import type { SourceErrors } from "../format/SourceErrors.js";
import { textOf } from "../cells/columnTypes.js";
import type { TableRow } from "../format/TableReader.js";
import type { TablePlan } from "./TablePlan.js";
import { RowFilter, unknownInWhere } from "../rows/RowFilter.js";
import type { TableSystems } from "../place/TableSystems.js";
import type { KeptTable } from "../survey/KeptTable.js";
import type { SurveyContext } from "../survey/Surveyor.js";
import type { ColumnRoles } from "../survey/tableHeader.js";
import { recallSurvey, surveyTable, type TableSurvey } from "../survey/tableSurvey.js";

/** A table with all that its rows are read with. */
export interface ReadableTable extends TablePlan {
  /** Reads its cells. */
  cells: CellReader;
  /** Chooses its rows, where not all of them are read. */
  filter?: RowFilter;
}

/** A table with what was found out about it; a mapped one may have no rows. */
export interface SurveyedTable extends ReadableTable {
  survey?: TableSurvey;
}

/** Prepares to read a table as its plan says. */
export function readableTable(plan: TablePlan, errors: SourceErrors): ReadableTable {
  const cells = new CellReader(plan.table);
  const { where } = plan;
  return { ...plan, cells, filter: where && new RowFilter(where, filterContext(plan, cells, errors)) };
}

/** What decides how a table is surveyed. */
interface FindContext {
  /** What the last run has kept of it. */
  kept: KeptTable | undefined;
  systems: TableSystems;
  errors: SourceErrors;
}

/** The survey of a table: that of an earlier run, or a new one. Undefined for a table without rows. */
export async function findSurvey(
  { roles: given, table, cells, filter }: ReadableTable,
  { kept, systems, errors }: FindContext,
): Promise<TableSurvey | undefined> {
  const roles = systems.addTo(given, table);
  const context = { table, cells, errors };
  const known = kept && tryRecall(kept, context, roles);
  if (known !== undefined) return known;
  const survey = await surveyTable(context, roles, filter);
  return survey?.hasRows === true ? survey : undefined;
}

/** Undefined where the table has no such columns any more: a survey finds out what is wrong with it. */
function tryRecall(kept: KeptTable, context: SurveyContext, roles: ColumnRoles): TableSurvey | undefined {
  try {
    return recallSurvey(kept, context, roles);
  } catch (error) {
    if (error instanceof ConnectorError) return undefined;
    throw error;
  }
}

/** Records have no header, so that a column which no record has now is empty in all of them. */
function filterContext({ table, mapped }: TablePlan, cells: CellReader, errors: SourceErrors) {
  const toCanonical = cells.read.bind(cells);
  if (table.rowNoun === "record") return { toCanonical };
  return {
    toCanonical,
    unknownColumn: (column: string, header: TableRow) => {
      const names = header.cells.map(textOf);
      if (mapped?.mapping.where !== undefined) return mapped.place.at("where").unknownColumn(column, names);
      return unknownInWhere(column, names, { errors, source: table.locate(header.number) });
    },
  };
}
