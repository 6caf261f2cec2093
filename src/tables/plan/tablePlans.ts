import { withoutKeyword } from "../../connector/schema/ecsqlKeywords.js";
import { capitalize } from "../../imodel/classNames.js";
import { isFullName, type TableMapping } from "../mapping/Mapping.js";
import type { MappingPlace } from "../mapping/MappingPlace.js";
import type { ReadMapping } from "../mapping/readMapping.js";
import { listNames, type SourceErrors } from "../format/SourceErrors.js";
import { classNameOf, type TableOptions } from "../format/TableOptions.js";
import type { Table, TableReader } from "../format/TableReader.js";
import type { ColumnRoles } from "../survey/tableHeader.js";
import { orderPlans } from "./tableOrder.js";
import type { TablePlan } from "./TablePlan.js";

/** What decides about the tables of a document. */
export interface PlanContext {
  options: TableOptions;
  errors: SourceErrors;
  mapping?: ReadMapping;
  /** Whether the option "units" is given. */
  hasUnits?: boolean;
}

/**
 * Decides what becomes of each table of a document, and in which order they are read.
 * @throws ConnectorError `<code>/same-class` where two tables make the same class; `<code>/mapping` where the mapping
 * says so, or names a table that the document does not have
 */
export function planTables(reader: TableReader, context: PlanContext): TablePlan[] {
  const { mapping, errors } = context;
  const mapped = mapping === undefined ? [] : planMapped(reader, context, mapping);
  const planned = new Set(mapped.map(({ table }) => table));
  const others = mapping === undefined || mapping.mapping.otherTables === "infer" ? reader.tables : [];
  const plans = [...mapped, ...planOthers(reader, others, context).filter(({ table }) => !planned.has(table))];
  checkClassNames(plans, errors);
  return orderPlans(plans);
}

function planOthers({ hasNamedTables, tables }: TableReader, others: readonly Table[], context: PlanContext) {
  const isNamed = hasNamedTables ?? tables.length > 1;
  return others.map((table): TablePlan => {
    const className = nameClass(table, isNamed, context);
    const { options, hasUnits } = context;
    return { table, kind: className, className, roles: { ...options, hasUnits }, where: options.where };
  });
}

function nameClass({ name, className }: Table, isNamed: boolean, { options }: PlanContext): string {
  return className ?? (isNamed ? classNameOf(name) : options.className);
}

function planMapped(reader: TableReader, context: PlanContext, { mapping, place }: ReadMapping): TablePlan[] {
  const entries = Object.entries(mapping.tables);
  return entries.map(([kind, own]): TablePlan => {
    const at = place.at("tables", kind);
    const table = findTable(reader, kind, entries.length === 1) ?? missingTable(reader, kind, at);
    return {
      table,
      kind,
      className: own.class,
      roles: rolesOf(own, context, at),
      where: own.where ?? context.options.where,
      mapped: { mapping: own, place: at },
    };
  });
}

/** Where the document has one table without a name of its own, a mapping of one table is for it. */
function findTable({ tables, hasNamedTables }: TableReader, name: string, isOnly: boolean): Table | undefined {
  const isNameless = tables.length === 1 && hasNamedTables !== true;
  return tables.find((table) => table.name === name) ?? (isNameless && isOnly ? tables[0] : undefined);
}

/** Records know no empty tables: one that is missing has none now. */
function missingTable({ tables }: TableReader, name: string, place: MappingPlace): Table {
  if (tables.some(({ rowNoun }) => rowNoun === "record"))
    return {
      name,
      isText: false,
      rowNoun: "record",
      rows: () => [{ number: 0, cells: [] }],
      locate: () => ({ table: name }),
    };
  const names = listNames(tables.map((table) => table.name));
  throw place.wrong(`the source has no table "${name}"`, {
    advice: names === "" ? "Name tables or views that the source has." : `The tables are: ${names}.`,
  });
}

function rolesOf(
  { id, coordinates }: TableMapping,
  { options, hasUnits }: PlanContext,
  place: MappingPlace,
): ColumnRoles {
  const { units, crs, idColumn, x, y, z, longitude, latitude, height } = options;
  const places = coordinates ?? { x, y, z, longitude, latitude, height };
  return {
    idColumn: id ?? idColumn,
    ...(id !== undefined && { idPlace: place.at("id") }),
    ...(coordinates !== undefined && { coordinatesPlace: place.at("coordinates") }),
    units,
    hasUnits: hasUnits === true || coordinates?.units !== undefined,
    crs,
    ...places,
  };
}

/** EC names are the same in any case of their letters; a class that there is can have the rows of several tables. */
function checkClassNames(plans: readonly TablePlan[], errors: SourceErrors): void {
  const names = new Map<string, string>();
  for (const { className, table, mapped } of plans.filter((plan) => !isFullName(plan.className))) {
    const key = withoutKeyword(className).toLowerCase();
    const earlier = names.get(key);
    names.set(key, table.name);
    if (earlier === undefined) continue;
    const fault = `the tables ${listNames([earlier, table.name])} both make a class ${className}`;
    if (mapped !== undefined) throw mapped.place.at("class").wrong(fault, { advice: "Give each a class of its own." });
    throw errors.make("same-class", `${capitalize(fault)}.`, {
      source: table.locate(0),
      advice: "Rename one of them, or give their classes names in a mapping.",
    });
  }
}
