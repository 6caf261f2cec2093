import type { NotImportedReport } from "../sync/items/NotImportedReports.js";
import { unknownUnits } from "./classes/columnUnits.js";
import type { TableClass } from "./classes/tableClasses.js";
import type { Mapping } from "./mapping/Mapping.js";
import type { TableSurvey } from "./survey/tableSurvey.js";

const reason = "the mapping does not name it";

/** The tables that a mapping does not name, unless it says itself that they are ignored. */
export function tablesLeftOut(names: readonly string[], mapping: Mapping | undefined): NotImportedReport[] {
  if (mapping === undefined || mapping.otherTables !== undefined) return [];
  return names.map((name) => ({ what: "table", reason, example: name }));
}

/** The columns that no element takes, unless the mapping says itself that they are ignored. */
export function columnsLeftOut(classes: readonly TableClass[]): NotImportedReport[] {
  return classes.flatMap(({ plan, ignoredColumns = [] }) =>
    ignoredColumns.map((column) => ({ what: "column", reason, example: `${column} of ${plan.kind}` })),
  );
}

/** The units of a row of units that are not known: their columns have numbers without a unit. */
export function unitsLeftOut(surveys: readonly TableSurvey[]): NotImportedReport[] {
  return surveys.flatMap((survey) =>
    unknownUnits(survey).map(([column, unit]) => ({
      what: "unit of a column",
      reason: "it is not known; a mapping can give the column another one",
      example: `${unit} of ${column}`,
    })),
  );
}
