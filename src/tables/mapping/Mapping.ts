import type { ColumnType } from "../cells/columnTypes.js";
import type { CoordinateNames } from "../format/TableOptions.js";
import type { RowConditions } from "../format/RowConditions.js";
import type { LengthUnit } from "../format/lengthUnits.js";
import type { TextDialect } from "../text/TextDialect.js";

/**
 * A mapping from the tables of a source to classes, and from their columns to properties. `mapping.schema.json` validates
 * it, also in editors; docs/mapping.md explains it with examples.
 * @public
 */
export interface Mapping {
  /** The path or URL of `mapping.schema.json`, for editors. It is ignored. */
  $schema?: string;
  /** The name of the ECSchema of the new classes. Default: {@link TableOptions.schemaName}. */
  schema?: string;
  /** Paths of ECSchema XML files relative to the source, each after those that it refers to. Default: none. */
  schemaFiles?: readonly string[];
  /** The treatment of tables that are not named: left out, or imported with inferred classes. Default: `ignore`. */
  otherTables?: "ignore" | "infer";
  /**
   * How the text of the source writes its table, for connectors with an option `dialect`. Members of the option come first.
   * Default: it is found out.
   */
  dialect?: TextDialect;
  /** The named tables, by their names in the source. */
  tables: Readonly<Record<string, TableMapping>>;
}

/**
 * The mapping of a table.
 * @public
 */
export interface TableMapping {
  /** The class of its rows: a name for a new class, or `Schema:Class` for an existing class. */
  class: string;
  /** The base class of a new class, as `Schema:Class`. Default: `BisCore:PhysicalElement`. */
  baseClass?: string;
  /** The column of the identifiers, or the columns that identify a row together. Default: as without a mapping. */
  id?: string | readonly string[];
  /** Which rows are read, by column. Default: as the option `where` says. */
  where?: RowConditions;
  /** The column of the labels. Default: the identifier is the label. */
  label?: string;
  /** The column of the codes. An empty cell means no code. Default: rows have no codes. */
  code?: string;
  /** The name of the category of its elements. Default: the name of the class. */
  category?: string;
  /** The parents of its rows. Default: rows have no parents. */
  parent?: ParentMapping;
  /** The columns of the positions. Default: as without a mapping. */
  coordinates?: CoordinateNames & {
    /** The unit of x, y, z and height; with a coordinate system, of z alone. Default: {@link TableOptions.units}. */
    units?: LengthUnit;
    /** The coordinate system of x and y. Default: {@link TableOptions.crs}. */
    crs?: string;
  };
  /** The properties by column: the name of the property, all of its details, or `false` for a column that is left out. */
  properties?: Readonly<Record<string, string | false | PropertyMappingEntry>>;
  /** The treatment of columns that are not named. Default: `infer`; for an existing class always `ignore`. */
  otherColumns?: "ignore" | "infer";
  /** The relationships of its rows to rows of other tables. Default: none. */
  relationships?: readonly RelationshipMapping[];
}

/**
 * The mapping of a column.
 * @public
 */
export interface PropertyMappingEntry {
  /** The name of the property. Default: made from the name of the column. */
  name?: string;
  /** The label of the property. Default: the name of the column. */
  label?: string;
  /** The type of the property. A cell that does not fit ends the run with `<code>/wrong-type`. Default: inferred. */
  type?: ColumnType;
  /**
   * A unit such as `mm` or `kg/m³`; docs/units.md says which are known. Without `sourceUnit` it is the unit of the column, and
   * the values are converted to the SI unit of the property. With `sourceUnit` it is the unit of the property. Default: values
   * stay as they are, and the property has no unit.
   */
  unit?: string;
  /** The unit of the column, from which values are converted to `unit`. The same one keeps the values. Default: none. */
  sourceUnit?: string;
}

/**
 * The columns that identify the parent of a row. An empty cell means no parent.
 * @public
 */
export interface ParentMapping {
  /** The table of the parent, by its name in the mapping. */
  table: string;
  /** The column of the parent's identifier, or the columns that identify it together. */
  column: string | readonly string[];
  /** The class of the relationship, as `Schema:Class`. Default: `BisCore:ElementOwnsChildElements`. */
  relationship?: string;
}

/**
 * The columns that identify the target of a relationship. Exactly one of `class` and `property` is given.
 * @public
 */
export interface RelationshipMapping {
  /** The table of the target, by its name in the mapping. */
  table: string;
  /** The column of the target's identifier, or the columns that identify it together. An empty cell means no target. */
  column: string | readonly string[];
  /** For a link-table relationship: a name for a new class, or `Schema:Class` for an existing class. */
  class?: string;
  /** For a navigation property: its name. */
  property?: string;
  /** The text between the identifiers of several targets in one cell. Only for link-table relationships. */
  separator?: string;
}

/** Whether a class is one that there is, and not one of the mapping's own schema. */
export function isFullName(className: string): boolean {
  return /[:.]/.test(className);
}

/** One column, or several, as a list. */
export function columnsOf(column: string | readonly string[]): readonly string[] {
  return typeof column === "string" ? [column] : column;
}
