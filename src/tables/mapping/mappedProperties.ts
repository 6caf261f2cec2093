import type { IModelDb } from "@itwin/core-backend";
import type { ElementClassDescription } from "../../connector/schema/SchemaDescription.js";
import { covers, type CellValue, type ColumnType } from "../columnTypes.js";
import { mapColumns, type ColumnProperty, type MappedColumn, type PropertyMapping } from "../propertyMapping.js";
import { namePropertyFor } from "../propertyNames.js";
import type { SourceErrors } from "../SourceErrors.js";
import type { CellContent } from "../TableReader.js";
import type { TableSurvey } from "../tableSurvey.js";
import { declaredValue } from "./declaredValue.js";
import { findProperty, readExistingClass } from "./existingClass.js";
import { columnsOf, type PropertyMappingEntry, type TableMapping } from "./Mapping.js";
import type { MappedColumns } from "./MappedRows.js";
import { toSI } from "./units.js";

/** A column that the mapping makes a property of. */
interface Entry extends PropertyMappingEntry {
  column: string;
}

/** What decides about the properties of a new class. */
export interface MappedClassContext {
  mapping: TableMapping;
  survey: TableSurvey | undefined;
  columns: MappedColumns;
  /** The class as the iModel has it. */
  known: ElementClassDescription | undefined;
  reserved: ReadonlySet<string>;
}

/** The properties of a new class: those that the mapping names and, unless it forbids it, of the columns left. */
export function describeMapped(context: MappedClassContext): PropertyMapping {
  const { mapping, survey, known } = context;
  const navigations = (mapping.relationships ?? []).flatMap(({ property = [] }) => property);
  const reserved = new Set([...context.reserved, ...navigations.map((name) => name.toLowerCase())]);
  const named = nameEntries({ ...context, reserved });
  const names = new Set((known?.properties ?? []).map(({ name }) => name.toLowerCase()));
  const added = named.map(({ property }) => property).filter(({ name }) => !names.has(name.toLowerCase()));
  const base = { name: known?.name ?? mapping.class, properties: [...(known?.properties ?? []), ...added] };
  const left = mapping.otherColumns === "ignore" || survey === undefined ? [] : columnsLeft(mapping, survey);
  const inferred = mapColumns(left, mapping.class, base, reserved);
  return { rowClass: inferred.rowClass, columns: [...named, ...inferred.columns] };
}

/** Fills properties of a class that there is. */
export async function fillExisting({
  imodel,
  mapping,
  columns,
  errors,
}: {
  imodel: IModelDb;
  mapping: TableMapping;
  columns: MappedColumns;
  errors: SourceErrors;
}): Promise<MappedColumn[]> {
  const properties = await readExistingClass(imodel, mapping.class, errors);
  return entriesOf(mapping).map(({ column, name = column, unit }) => {
    const property = findProperty(properties, name, { className: mapping.class, errors });
    return mapped(column, columns, property, unit);
  });
}

function nameEntries({ mapping, survey, columns, known, reserved }: MappedClassContext): MappedColumn[] {
  const taken = new Set<string>();
  return entriesOf(mapping).flatMap(({ column, label = column, unit, ...entry }) => {
    const name = entry.name ?? namePropertyFor(column, reserved, taken);
    const found = survey?.types[columns.find(column)];
    const knownType = known?.properties?.find((property) => property.name.toLowerCase() === name.toLowerCase())?.type;
    const type = entry.type ?? (unit === undefined ? typeFor(knownType as ColumnType, found) : "double");
    return type === undefined ? [] : [mapped(column, columns, { name, type, label }, unit)];
  });
}

/** The type that a property has already, as long as it takes what the column holds. */
function typeFor(known: ColumnType | undefined, found: ColumnType | undefined): ColumnType | undefined {
  return known !== undefined && covers(known, found) ? known : found;
}

function mapped(column: string, columns: MappedColumns, property: ColumnProperty, unit?: string): MappedColumn {
  const convert = (content: CellContent): CellValue | undefined => {
    const value = declaredValue(content, property.type);
    return unit === undefined || typeof value !== "number" ? value : toSI(value, unit);
  };
  return { index: columns.find(column), property, convert };
}

function entriesOf({ properties = {} }: TableMapping): Entry[] {
  return Object.entries(properties).flatMap(([column, to]) => {
    if (to === false) return [];
    return [{ column, ...(typeof to === "string" ? { name: to } : to) }];
  });
}

/** What the mapping does not mention. */
function columnsLeft(mapping: TableMapping, { header: { names, idColumns }, types }: TableSurvey) {
  const { label, code, parent, relationships = [], properties = {} } = mapping;
  const others = [label, code].filter((column) => column !== undefined);
  const related = [...(parent ? [parent] : []), ...relationships].flatMap(({ column }) => columnsOf(column));
  const ids = idColumns.length === 1 ? [names[idColumns[0]!]!] : [];
  const used = new Set([...others, ...related, ...ids, ...Object.keys(properties)]);
  return names
    .map((header, index) => ({ header, index, type: types[index] }))
    .filter(({ header }) => !used.has(header));
}
