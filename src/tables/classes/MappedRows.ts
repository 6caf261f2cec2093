import { expectDefined } from "@itwin/core-bentley";
import type { EntityRelationship, ParentReference } from "../../connector/stream/SourceEntity.js";
import { textOf } from "../cells/columnTypes.js";
import { idOf } from "../rows/rowIds.js";
import { isEmpty } from "../cells/CellContent.js";
import type { TableRow } from "../format/TableReader.js";
import { normalizeClassName } from "../../imodel/classNames.js";
import type { ParentMapping, RelationshipMapping, TableMapping } from "../mapping/Mapping.js";
import type { MappingPlace } from "../mapping/MappingPlace.js";

/** Finds the columns that a mapping names. */
export class MappedColumns {
  public constructor(
    private readonly _names: readonly string[],
    /** Where the mapping is about the table. */
    private readonly _place: MappingPlace,
    /** Whether columns may be missing: records have no header, and a table without rows was not looked at. */
    private readonly _isLenient: boolean,
  ) {}

  /**
   * The place of a column; -1, where every row is empty, for one that may be missing.
   * @param keys - where the mapping names it
   */
  public find(column: string, ...keys: readonly (string | number)[]): number {
    const index = this._names.indexOf(column);
    if (index >= 0 || this._isLenient) return index;
    throw this._place.at(...keys).unknownColumn(column, this._names);
  }

  /** The places of one column or several. */
  public findAll(columns: string | readonly string[], ...keys: readonly (string | number)[]): number[] {
    if (typeof columns === "string") return [this.find(columns, ...keys)];
    return columns.map((column, index) => this.find(column, ...keys, index));
  }
}

/** Where the rows of a mapped table have their targets, found once. */
interface MappedTarget<Mapping> {
  mapping: Mapping;
  columns: number[];
}

/** Reads of a row what a mapping makes of it beside properties. */
export class MappedRows {
  private readonly _parent?: MappedTarget<ParentMapping>;
  private readonly _targets: MappedTarget<RelationshipMapping>[];
  private readonly _label?: number;
  private readonly _code?: number;

  public constructor(
    mapping: TableMapping,
    columns: MappedColumns,
    private readonly _schemaName: string,
  ) {
    const { parent, relationships = [], label, code } = mapping;
    this._parent = parent && { mapping: parent, columns: columns.findAll(parent.column, "parent", "column") };
    this._targets = relationships.map((relationship, index) => ({
      mapping: relationship,
      columns: columns.findAll(relationship.column, "relationships", index, "column"),
    }));
    this._label = label === undefined ? undefined : columns.find(label, "label");
    this._code = code === undefined ? undefined : columns.find(code, "code");
  }

  /** Whether rows refer to others, so that what becomes of a row depends on them. */
  public get hasReferences(): boolean {
    return this._parent !== undefined || this._targets.length > 0;
  }

  /** The text that names the row; undefined for its identifier. */
  public labelOf({ cells }: TableRow): string | undefined {
    return this._label === undefined ? undefined : textOf(cells[this._label]);
  }

  /** The code of the row, where it has one. */
  public codeOf({ cells }: TableRow): string | undefined {
    return this._code === undefined || isEmpty(cells[this._code]) ? undefined : textOf(cells[this._code]).trim();
  }

  /** The parent of the row, where it has one. */
  public parentOf(row: TableRow): ParentReference | undefined {
    if (this._parent === undefined) return undefined;
    const id = idOf(row, this._parent.columns);
    if (id === "") return undefined;
    const { table: kind, relationship: className } = this._parent.mapping;
    return { kind, id, ...(className !== undefined && { className: normalizeClassName(className) }) };
  }

  /** The relationships of the row. */
  public relationshipsOf(row: TableRow): EntityRelationship[] {
    return this._targets.flatMap(({ mapping, columns }) =>
      idsOf(row, columns, mapping.separator).map((id) => this._relate(mapping, id)),
    );
  }

  private _relate({ table: kind, class: className, property }: RelationshipMapping, id: string): EntityRelationship {
    const target = { kind, id };
    if (property !== undefined) return { property, target };
    return { className: normalizeClassName(expectDefined(className), this._schemaName), target };
  }
}

/** A list of JSON has several identifiers, and so has a text with a separator. */
function idsOf(row: TableRow, columns: readonly number[], separator: string | undefined): string[] {
  const text = idOf(row, columns);
  if (text === "") return [];
  if (separator === undefined) return text.startsWith("[") ? (listOf(text) ?? [text]) : [text];
  const ids = text.split(separator).map((id) => id.trim());
  return ids.filter((id) => id !== "");
}

function listOf(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}
