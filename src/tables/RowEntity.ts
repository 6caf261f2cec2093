import type { SourceLocation } from "../ConnectorError.js";
import type { SourceEntity } from "../connector/stream/SourceEntity.js";
import { isEmpty, type CellContent } from "./cells/CellContent.js";
import type { Table, TableRow } from "./format/TableReader.js";

/** A row as the stream takes it. It tells its place only when it is asked, which for most rows is never. */
export class RowEntity implements SourceEntity {
  public readonly kind: string;
  public readonly id: string;
  /** Of all that the element is made from: the cells that are not empty, the properties that hold them, and the place. */
  public readonly checksum: string;
  public readonly parent: SourceEntity["parent"];
  public readonly relationships: SourceEntity["relationships"];
  public readonly toElement: SourceEntity["toElement"];
  private readonly _number: number;
  private readonly _cells: TableRow["cells"];

  public constructor(
    entity: Omit<SourceEntity, "location" | "record" | "checksum"> & { checksum: string },
    row: TableRow,
    private readonly _origin: RowOrigin,
  ) {
    this._number = row.number;
    this._cells = row.cells;
    this.kind = entity.kind;
    this.id = entity.id;
    this.checksum = entity.checksum;
    this.parent = entity.parent;
    this.relationships = entity.relationships;
    this.toElement = entity.toElement;
  }

  public get location(): SourceLocation {
    return this._origin.table.locate(this._number);
  }

  /** The cells that are not empty, by the headers of their columns. */
  public get record(): Record<string, CellContent> {
    const cells = this._origin.names.map((name, index) => [name, this._cells[index]] as const);
    return Object.fromEntries(cells.filter(([, content]) => !isEmpty(content)));
  }
}

/** What the rows of a table have in common. */
export interface RowOrigin {
  table: Table;
  /** The headers of the columns. */
  names: readonly string[];
}
