import type { ColumnType } from "../cells/columnTypes.js";
import type { CoordinateNames } from "../format/TableOptions.js";
import type { LengthUnit } from "../format/lengthUnits.js";

/**
 * Which table becomes which class, and which column what of it. `mapping.schema.json` describes it for editors and
 * checks it; docs/mapping.md explains it.
 * @beta
 */
export interface Mapping {
  $schema?: string;
  /** The name of the ECSchema of the new classes. */
  schema?: string;
  /** ECSchema XML files, relative to the source. */
  schemaFiles?: readonly string[];
  /** What becomes of tables that are not named. Default: `ignore`. */
  otherTables?: "ignore" | "infer";
  /** By their names in the source. */
  tables: Readonly<Record<string, TableMapping>>;
}

/**
 * What becomes of a table.
 * @beta
 */
export interface TableMapping {
  /** A name for a new class, `Schema:Class` for one that there is. */
  class: string;
  /** Default: `BisCore:PhysicalElement`. */
  baseClass?: string;
  id?: string | readonly string[];
  label?: string;
  code?: string;
  category?: string;
  parent?: ParentMapping;
  coordinates?: CoordinateNames & { units?: LengthUnit };
  /** By column: a name, or all about it; `false` for a column that is left out. */
  properties?: Readonly<Record<string, string | false | PropertyMappingEntry>>;
  /** Default: `infer`; for a class that there is always `ignore`. */
  otherColumns?: "ignore" | "infer";
  relationships?: readonly RelationshipMapping[];
}

/**
 * What becomes of a column.
 * @beta
 */
export interface PropertyMappingEntry {
  /** Default: made from the name of the column. */
  name?: string;
  /** Default: the name of the column. */
  label?: string;
  /** Default: inferred. */
  type?: ColumnType;
  /** The unit of the column; the property is in SI units. */
  unit?: string;
}

/**
 * Where a row has its parent.
 * @beta
 */
export interface ParentMapping {
  table: string;
  column: string | readonly string[];
  relationship?: string;
}

/**
 * Where a row has the target of a relationship: a link-table relationship of a class, or a navigation property.
 * @beta
 */
export interface RelationshipMapping {
  table: string;
  column: string | readonly string[];
  class?: string;
  property?: string;
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
