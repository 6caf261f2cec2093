import type { IModelDb } from "@itwin/core-backend";
import type { ElementClassDescription, PropertyDescription } from "../../connector/schema/SchemaDescription.js";
import { covers, isNumeric, type CellValue, type ColumnType } from "../cells/columnTypes.js";
import {
  columnOf,
  mapColumns,
  type ColumnProperty,
  type MappedColumn,
  type PropertyMapping,
} from "./propertyMapping.js";
import { namePropertyFor } from "../../connector/schema/propertyNames.js";
import { shorten } from "../format/SourceErrors.js";
import type { CellContent } from "../cells/CellContent.js";
import type { TableSurvey } from "../survey/tableSurvey.js";
import { declaredValue } from "../cells/declaredValue.js";
import { checkNavigation, findProperty, readExistingClass } from "./existingClass.js";
import { columnsOf, type PropertyMappingEntry, type TableMapping } from "../mapping/Mapping.js";
import type { MappedColumns } from "./MappedRows.js";
import type { MappingPlace } from "../mapping/MappingPlace.js";
import { unitOfColumn } from "./columnUnits.js";
import { columnUnit, columnUnitFor, faultOfColumnUnit, type ColumnUnit } from "../mapping/units.js";

/** A column that the mapping makes a property of. */
interface Entry extends PropertyMappingEntry {
  column: string;
}

/** What decides about the properties of a new class. */
export interface MappedClassContext {
  mapping: TableMapping;
  /** Where that is in the mapping of the document. */
  place: MappingPlace;
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
  const names = namesOf(known);
  const added = named.map(({ property }) => property).filter(({ name }) => !names.has(name.toLowerCase()));
  const kept = (known?.properties ?? []).map((property) => withUnitOf(named, property));
  const base = { name: known?.name ?? mapping.class, properties: [...kept, ...added] };
  const left = mapping.otherColumns === "ignore" || survey === undefined ? [] : columnsLeft(mapping, survey);
  const inferred = mapColumns(left, mapping.class, base, reserved);
  return { rowClass: inferred.rowClass, columns: [...named, ...inferred.columns] };
}

/** A property that the iModel has, with the unit that the mapping gives it now. */
function withUnitOf(named: readonly MappedColumn[], known: PropertyDescription): PropertyDescription {
  const same = named.find(({ property }) => property.name.toLowerCase() === known.name.toLowerCase());
  return same === undefined ? known : { ...known, unit: same.property.unit };
}

/** Fills properties of a class that there is. */
export async function fillExisting({
  imodel,
  mapping,
  columns,
  place,
}: {
  imodel: IModelDb;
  mapping: TableMapping;
  columns: MappedColumns;
  place: MappingPlace;
}): Promise<MappedColumn[]> {
  const { class: className, relationships = [] } = mapping;
  const properties = await readExistingClass(imodel, className, place.at("class"));
  relationships.forEach(({ property }, index) => {
    const at = place.at("relationships", index, "property");
    if (property !== undefined) checkNavigation(properties, property, { className, place: at });
  });
  const use = new PropertyUse(place);
  return entriesOf(mapping).map(({ column, name = column, ...units }) => {
    const at = place.at("properties", column);
    const { unit: kept, ...property } = findProperty(properties, name, { className, place: at });
    use.add(property.name, column);
    const fault = kept && faultOfColumnUnit(units, kept);
    if (fault !== undefined) throw at.at("unit").wrong(`${className}.${property.name} cannot hold it: ${fault}`);
    return mapped(column, columns, property, kept === undefined ? columnUnit(units) : columnUnitFor(units, kept));
  });
}

/** Which column each property holds, of which there is one at most. */
class PropertyUse {
  private readonly _columns = new Map<string, string>();

  public constructor(private readonly _place: MappingPlace) {}

  public add(property: string, column: string): void {
    const key = property.toLowerCase(); // EC names are the same in any case of their letters
    const earlier = this._columns.get(key);
    this._columns.set(key, column);
    if (earlier === undefined) return;
    throw this._place
      .at("properties", column)
      .wrong(`the property ${property} holds the column "${shorten(earlier)}" already`, {
        advice: "Give each column a property of its own.",
      });
  }
}

function namesOf(known: ElementClassDescription | undefined): Set<string> {
  return new Set((known?.properties ?? []).map(({ name }) => name.toLowerCase()));
}

function nameEntries(context: MappedClassContext): MappedColumn[] {
  const { mapping, place, columns, known, reserved } = context;
  const taken = new Set<string>();
  const use = new PropertyUse(place);
  return entriesOf(mapping).flatMap(({ column, label = column, ...entry }) => {
    const name = entry.name ?? namePropertyFor(column, reserved, taken, namesOf(known));
    use.add(name, column);
    const unit = columnUnit(entry);
    const index = columns.find(column, "properties", column);
    const type = entry.type ?? (unit === undefined ? inferredType(name, index, context) : "double");
    if (type === undefined) return [];
    return [mapped(column, columns, { name, label, type, ...unitOf(unit, type, index, context) }, unit)];
  });
}

function inferredType(name: string, index: number, { known, survey }: MappedClassContext): ColumnType | undefined {
  return typeFor(typeIn(known, name), survey?.columns[index]?.type);
}

/** The unit that the mapping gives or, without one, the table itself. */
function unitOf(
  given: ColumnUnit | undefined,
  type: ColumnType,
  index: number,
  { survey }: MappedClassContext,
): Pick<ColumnProperty, "unit"> {
  const unit = given?.unit ?? (survey !== undefined && isNumeric(type) ? unitOfColumn(survey, index) : undefined);
  return unit === undefined ? {} : { unit: unit.fullName };
}

function typeIn(known: ElementClassDescription | undefined, name: string): ColumnType | undefined {
  const same = known?.properties?.find((property) => property.name.toLowerCase() === name.toLowerCase());
  return same?.type as ColumnType | undefined;
}

/** The type that a property has already, as long as it takes what the column holds. */
function typeFor(known: ColumnType | undefined, found: ColumnType | undefined): ColumnType | undefined {
  return known !== undefined && covers(known, found) ? known : found;
}

function mapped(column: string, columns: MappedColumns, property: ColumnProperty, unit?: ColumnUnit): MappedColumn {
  const convert = (content: CellContent): CellValue | undefined => {
    const value = declaredValue(content, property.type);
    return unit === undefined || typeof value !== "number" ? value : unit.convert(value);
  };
  const scale = unit && ([unit.convert(0), unit.convert(1)] as const);
  return { index: columns.find(column, "properties", column), property, convert, scale };
}

function entriesOf({ properties = {} }: TableMapping): Entry[] {
  return Object.entries(properties).flatMap(([column, to]) => {
    if (to === false) return [];
    return [{ column, ...(typeof to === "string" ? { name: to } : to) }];
  });
}

/** The names of the columns that the mapping does not mention, and that are no coordinates. */
export function unnamedColumns({ mapping, survey }: Pick<MappedClassContext, "mapping" | "survey">): string[] {
  if (survey === undefined) return [];
  const { first, second, third } = survey.header.coordinates ?? {};
  const placed = [first, second, third].map((column) => column?.name);
  return columnsLeft(mapping, survey)
    .map(({ header }) => header)
    .filter((header) => !placed.includes(header));
}

/** What the mapping does not mention. */
function columnsLeft(mapping: TableMapping, survey: TableSurvey) {
  const { names, idColumns } = survey.header;
  const { label, code, parent, relationships = [], properties = {} } = mapping;
  const others = [label, code].filter((column) => column !== undefined);
  const related = [...(parent ? [parent] : []), ...relationships].flatMap(({ column }) => columnsOf(column));
  const ids = idColumns.length === 1 ? idColumns.map((column) => names[column]) : [];
  const used = new Set([...others, ...related, ...ids, ...Object.keys(properties)]);
  return names.map((header, index) => columnOf(survey, header, index)).filter(({ header }) => !used.has(header));
}
