import type { NotImportedReport } from "../sync/items/NotImportedReports.js";
import type { TableClass } from "./classes/tableClasses.js";
import type { TableReader } from "./format/TableReader.js";
import type { Mapping } from "./mapping/Mapping.js";
import type { TablePlan } from "./plan/TablePlan.js";

const reason = "the mapping does not name it";

/** The tables that a mapping does not name, unless it says itself that they are ignored. */
export function tablesLeftOut(
  { tables }: TableReader,
  plans: readonly TablePlan[],
  mapping: Mapping | undefined,
): NotImportedReport[] {
  if (mapping === undefined || mapping.otherTables !== undefined) return [];
  const planned = new Set(plans.map(({ table }) => table));
  const others = tables.filter((table) => !planned.has(table));
  return others.map(({ name }) => ({ what: "table", reason, example: name }));
}

/** The columns that no element takes, unless the mapping says itself that they are ignored. */
export function columnsLeftOut(classes: readonly TableClass[]): NotImportedReport[] {
  return classes.flatMap(({ plan, ignoredColumns = [] }) =>
    ignoredColumns.map((column) => ({ what: "column", reason, example: `${column} of ${plan.kind}` })),
  );
}
