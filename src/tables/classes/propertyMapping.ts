import type { ElementClassDescription, PropertyDescription } from "../../connector/schema/SchemaDescription.js";
import { covers, isNumeric, type CellValue, type ColumnType } from "../cells/columnTypes.js";
import { namePropertyFor } from "../../connector/schema/propertyNames.js";
import type { CellContent } from "../cells/CellContent.js";
import type { TableSurvey } from "../survey/tableSurvey.js";
import { unitOfColumn } from "./columnUnits.js";

/** A column of a table with what it holds. */
export interface TableColumn {
  /** Its name in the source. */
  header: string;
  /** Its place in a row. */
  index: number;
  /** Undefined for a column without any value. */
  type: ColumnType | undefined;
  /** The full name of its unit, where the source gives one. */
  unit?: string;
}

/** A column of a table that was surveyed. */
export function columnOf(survey: TableSurvey, header: string, index: number): TableColumn {
  return { header, index, type: survey.columns[index]?.type, unit: unitOfColumn(survey, index)?.fullName };
}

/** A property that holds columns: its label is the header. */
export interface ColumnProperty extends PropertyDescription {
  type: ColumnType;
}

/** A column with the property that holds it. */
export interface MappedColumn {
  index: number;
  property: ColumnProperty;
  /** Converts a cell that is not empty; undefined for one that does not fit. Default: without loss, as was found out. */
  convert?: (content: CellContent) => CellValue | undefined;
  /** What the conversion makes of zero and one, where it is one of units. */
  scale?: readonly [zero: number, one: number];
}

/** Which property holds which column, and the class that has them all. */
export interface PropertyMapping {
  columns: MappedColumn[];
  rowClass: ElementClassDescription;
}

/**
 * Finds a property for each column, in the class that the iModel has or, where there is none, by adding to it.
 *
 * A column is known by its header. It keeps its property as long as that can take its values; a column of another
 * type gets a property of its own beside the old one. Properties of columns that vanished stay.
 * @param known the class as the iModel has it
 * @param reserved names in lower case that no property may have
 */
export function mapColumns(
  columns: TableColumn[],
  className: string,
  known: ElementClassDescription | undefined,
  reserved: ReadonlySet<string>,
): PropertyMapping {
  const mapper = new ColumnMapper(known?.properties ?? [], reserved);
  const mapped = columns.map(({ index, ...column }) => ({ index, property: mapper.map(column) }));
  return { columns: mapped, rowClass: { name: known?.name ?? className, properties: mapper.properties } };
}

class ColumnMapper {
  public readonly properties: PropertyDescription[];
  private readonly _taken: Set<string>;

  public constructor(
    known: readonly PropertyDescription[],
    private readonly _reserved: ReadonlySet<string>,
  ) {
    this.properties = [...known];
    this._taken = new Set(known.map(({ name }) => name.toLowerCase()));
  }

  public map({ header, type, unit }: Omit<TableColumn, "index">): ColumnProperty {
    const candidates = this.properties.filter(({ name, label }) => (label ?? name) === header) as ColumnProperty[];
    // The latest one, so that a column whose type went to and fro does not do so in the iModel.
    const found = candidates.findLast((property) => covers(property.type, type) && takesUnit(property, unit));
    return this._withUnit(found ?? this._add(header, type, candidates), unit);
  }

  /**
   * A unit that the iModel has for the property counts only as long as the source gives it. A text has none, as where numbers
   * have come into a column of texts.
   */
  private _withUnit(property: ColumnProperty, given: string | undefined): ColumnProperty {
    const unit = isNumeric(property.type) ? given : undefined;
    if (property.unit === unit) return property;
    const changed = { ...property, unit };
    if (unit === undefined) delete changed.unit;
    this.properties[this.properties.indexOf(property)] = changed;
    return changed;
  }

  private _add(header: string, type: ColumnType = "string", others: ColumnProperty[]): ColumnProperty {
    const wanted = others.length === 0 ? header : `${header}_${type}`;
    const property = { name: namePropertyFor(wanted, this._reserved, this._taken), label: header, type };
    this.properties.push(property);
    return property;
  }
}

/** Numbers are converted into the unit that a property has; whole ones cannot be. */
function takesUnit({ type, unit: kept }: ColumnProperty, unit: string | undefined): boolean {
  return type === "double" || kept === undefined || unit === undefined || kept === unit;
}
