import type { Table } from "../format/TableReader.js";
import type { TableMapping } from "../mapping/Mapping.js";
import type { MappingPlace } from "../mapping/MappingPlace.js";
import type { RowConditions } from "../format/RowConditions.js";
import type { ColumnRoles } from "../survey/tableHeader.js";

/** The part of a mapping that names a table. */
export interface PlannedMapping {
  /** The content. */
  mapping: TableMapping;
  /** Where it is, for errors. */
  place: MappingPlace;
}

/** The plan for a table. */
export interface TablePlan {
  table: Table;
  /** The kind of its rows in provenance. */
  kind: string;
  /** The class of its rows; for an existing class the full name. */
  className: string;
  roles: ColumnRoles;
  /** Which rows are read. Undefined: all of them. */
  where?: RowConditions;
  /** Undefined for a table that the mapping does not name. */
  mapped?: PlannedMapping;
}
