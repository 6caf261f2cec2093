import { ConnectorError } from "itwin-connector-framework";
import type { ClassInfo } from "./ClassIndex.js";
import type { ModelContents } from "./ModelContents.js";
import { idIn, readRows, type Parameter, type Row } from "./rows.js";
import { exactPatterns, likeCondition } from "./textMatch.js";
import { selectOf, valueOf, type Value } from "./values.js";
import type { PropertyInfo, ValueType } from "./PropertyInfo.js";
import { isOfBis } from "./PropertyReader.js";

/** A column of a table of elements. */
export interface TableColumn {
  readonly name: string;
  readonly label: string;
  readonly type: ValueType | "id";
  readonly unit?: string;
}

/** Some rows of a table of elements. */
export interface ElementTable {
  readonly columns: readonly TableColumn[];
  /** The first value of a row is the id of the element. */
  readonly rows: readonly (readonly Value[])[];
  /** Rows in all. */
  readonly total: number;
}

/** Which rows are read. */
export interface TableOptions {
  /** `Schema:Class`; its subclasses belong to it. */
  readonly className: string;
  /** The name of a column. Default: the id. */
  readonly sort?: string;
  readonly descending?: boolean;
  /** A text that a value of the row contains. */
  readonly filter?: string;
  /** Default: 0. */
  readonly offset?: number;
  /** Default: 100. */
  readonly limit?: number;
}

/** A column with how a query reads it. */
interface QueriedColumn extends TableColumn {
  readonly select: string;
  /** Undefined for what has no order. */
  readonly order?: string;
}

/** Reads elements of a class with their properties, sorted and filtered. */
export async function readElementTable(contents: ModelContents, options: TableOptions): Promise<ElementTable> {
  const info = contents.classes.named(options.className);
  if (!contents.classes.isA(info, "BisCore:Element"))
    throw new ConnectorError("usage/unknown-class", `${info.name} is not a class of elements.`, {
      advice: "Query its instances by ECSQL.",
    });
  const columns = await columnsOf(contents, info);
  const { where, parameters } = filterBy(columns, options.filter);
  const { offset = 0, limit = 100 } = options;
  const ecsql = `
    SELECT ${columns.map(({ select }) => select).join()} FROM ${info.ecsql} e ${where}
    ORDER BY ${orderBy(columns, options)} LIMIT ${limit} OFFSET ${offset}`;
  const rows = await readRows(contents.imodel, ecsql, parameters);
  const [count = []] = await readRows(contents.imodel, `SELECT count(*) FROM ${info.ecsql} e ${where}`, parameters);
  return {
    columns: columns.map(({ name, label, type, unit }) => ({ name, label, type, ...(unit !== undefined && { unit }) })),
    rows: rows.map((row) => valuesOf(contents, columns, row)),
    total: Number(count[0]),
  };
}

const names = {
  id: { name: "ECInstanceId", label: "Id", type: "id", select: "e.ECInstanceId", order: "e.ECInstanceId" },
  label: { name: "UserLabel", label: "Label", type: "text", select: "e.UserLabel", order: "e.UserLabel" },
  code: { name: "CodeValue", label: "Code", type: "text", select: "e.CodeValue", order: "e.CodeValue" },
  class: { name: "ECClassId", label: "Class", type: "text", select: "e.ECClassId", order: "e.ECClassId" },
} as const satisfies Record<string, QueriedColumn>;

/** What the source has comes before what BIS adds. */
async function columnsOf({ properties }: ModelContents, info: ClassInfo): Promise<QueriedColumn[]> {
  const all = await properties.columnsOf(info);
  const columns = [...all.filter((column) => !isOfBis(column)), ...all.filter(isOfBis)];
  return [
    ...Object.values(names),
    ...columns.map((column) => ({
      name: column.name,
      label: column.label,
      type: column.type,
      unit: column.unit?.unit,
      select: selectOf(column, "e"),
      order: orderOf(column),
    })),
  ];
}

function orderOf({ name, type }: PropertyInfo): string | undefined {
  if (type === "point" || type === "structure") return undefined;
  return type === "element" ? `e.[${name}].Id` : `e.[${name}]`;
}

function orderBy(columns: readonly QueriedColumn[], { sort, descending }: TableOptions): string {
  const direction = descending ? "DESC" : "ASC";
  if (sort === undefined) return `e.ECInstanceId ${direction}`;
  const order = columns.find(({ name }) => name === sort)?.order;
  if (order !== undefined) return `${order} ${direction}, e.ECInstanceId`;
  throw new ConnectorError("usage/sort", `The table cannot be sorted by "${sort}".`, {
    advice: "Sort by a column with texts, numbers or times.",
  });
}

/** The platform refuses conditions that are much longer. */
const filteredAtMost = 200;

function filterBy(columns: readonly QueriedColumn[], filter = ""): { where: string; parameters: Parameter[] } {
  if (filter.trim() === "") return { where: "", parameters: [] };
  const patterns = exactPatterns(filter);
  const compared = columns.filter(({ type, name }) => isCompared(type) && name !== names.class.name);
  const terms = compared.slice(0, filteredAtMost).flatMap(({ order = "" }) => {
    const condition = likeCondition(`CAST(${order} AS TEXT)`);
    return patterns.map((pattern) => ({ condition, pattern }));
  });
  return {
    where: `WHERE (${terms.map(({ condition }) => condition).join(" OR ")})`,
    parameters: terms.map(({ pattern }) => pattern),
  };
}

function isCompared(type: TableColumn["type"]): boolean {
  return type === "text" || type === "number" || type === "integer";
}

function valuesOf({ classes }: ModelContents, columns: readonly QueriedColumn[], row: Row): Value[] {
  return columns.map(({ name, type }, index) => {
    if (name === names.class.name) return classes.get(idIn(row, index)).name;
    return valueOf(row[index], type === "id" ? "element" : type);
  });
}
