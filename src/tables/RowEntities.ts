import type { Id64String } from "@itwin/core-bentley";
import {
  Code,
  GeometryStreamBuilder,
  type GeometricElement3dProps,
  type GeometryStreamProps,
} from "@itwin/core-common";
import { Point3d } from "@itwin/core-geometry";
import type { SourceLocation } from "../ConnectorError.js";
import { propsKeyOf } from "../imodel/classNames.js";
import type { EntityContext, NewElementProps, SourceEntity } from "../connector/stream/SourceEntity.js";
import { cellValue, textOf, type CellValue } from "./cells/columnTypes.js";
import { rowsNowhere, type PositionIssue } from "./survey/positionIssues.js";
import type { PositionSurvey } from "./survey/PositionSurvey.js";
import { RowExamples } from "./survey/RowExamples.js";
import type { ToPoint } from "./place/placeTables.js";
import type { MappedColumn } from "./classes/propertyMapping.js";
import type { MappedRows } from "./classes/MappedRows.js";
import { idOf } from "./cells/rowIds.js";
import { shorten, type SourceErrors } from "./format/SourceErrors.js";
import { readStorableRows } from "./survey/storableRows.js";
import type { TableHeader } from "./survey/tableHeader.js";
import { isEmpty, type CellContent, type RowShape, type Table, type TableRow } from "./format/TableReader.js";

/** What all rows of a table have in common. */
export interface RowContext {
  table: Table;
  errors: SourceErrors;
  header: TableHeader;
  columns: MappedColumn[];
  /** What the rows are called in their provenance. */
  kind: string;
  /** The full name of their class. */
  classFullName: string;
  /** The name of their category. */
  category: string;
  /** Whether the elements have a category and a place. */
  is3d: boolean;
  /** What the mapping makes of a row beside properties. */
  mapped?: MappedRows;
  /** The positions of the rows, where the table has columns of coordinates. */
  positions?: PositionSurvey;
  /** Where a row is in the iModel, in metres. Default: at its coordinates. */
  toPoint?: ToPoint;
  /** Called when all rows are read, with what the user should know. */
  report: (issue: PositionIssue) => void;
  markerId: Id64String;
  /** Diameter of the marker, in metres. */
  markerSize: number;
}

/** Makes entities of the rows of a table. */
export class RowEntities {
  /** In an order of their own, so that the order of the columns makes no difference to a checksum. */
  private readonly _columns: MappedColumn[];
  private readonly _geometry: GeometryStreamProps;
  private _nowhere?: RowExamples;

  public constructor(private readonly _context: RowContext) {
    this._columns = [..._context.columns].sort(byName);
    const builder = new GeometryStreamBuilder();
    builder.appendGeometryPart3d(_context.markerId);
    this._geometry = builder.geometryStream;
  }

  /** All rows, as a stream. */
  public async *read(): AsyncGenerator<SourceEntity> {
    let isHeader = true;
    for await (const row of readStorableRows(this._context.table, this._context.errors))
      if (isHeader) isHeader = false;
      else yield this._entityOf(row);
    if (this._nowhere !== undefined) this._context.report(rowsNowhere(this._nowhere));
  }

  private _entityOf(row: TableRow): SourceEntity {
    const { header, kind, table, mapped } = this._context;
    const values = this._valuesOf(row);
    const look = row.shape ?? this._markerOf(row);
    const data: unknown[] = look === undefined ? [values] : [values, ...look.data];
    const id = idOf(row, header.idColumns);
    const name = { id, label: mapped?.labelOf(row) ?? id, code: mapped?.codeOf(row) };
    if (mapped !== undefined)
      data.push(name.label, name.code ?? null, this._context.classFullName, this._context.category);
    const toElement = (context: EntityContext) =>
      this._propsOf(values, name, context, look?.toGeometry(this._context.markerId));
    const related = mapped && { parent: mapped.parentOf(row), relationships: mapped.relationshipsOf(row) };
    return new RowEntity({ kind, id, data, toElement, ...related }, row, { table, names: header.names });
  }

  /** The properties that a row has: a name and a value by turns. */
  private _valuesOf(row: TableRow): CellValue[] {
    const values: CellValue[] = []; // flat, because they are hashed as they are and a pair more for each cell costs time
    for (const column of this._columns) {
      const content = row.cells[column.index];
      if (!isEmpty(content)) values.push(column.property.name, this._convert(content, column, row));
    }
    return values;
  }

  private _convert(content: CellContent, { property, convert }: MappedColumn, row: TableRow): CellValue {
    const value = convert === undefined ? cellValue(content, property.type) : convert(content);
    if (value !== undefined) return value;
    const { table, errors } = this._context;
    throw errors.make("wrong-type", `"${shorten(textOf(content))}" is no ${property.type}.`, {
      source: table.locate(row.number, shorten(property.label ?? property.name)),
      advice: "Correct the value, or the type that the mapping gives the column.",
    });
  }

  /** The element of a row: with its shape, or its marker where the row has coordinates, else without geometry. */
  private _propsOf(
    values: CellValue[],
    name: RowName,
    context: EntityContext,
    look?: Partial<GeometricElement3dProps>,
  ): NewElementProps {
    const { classFullName, category, is3d } = this._context;
    return {
      classFullName,
      ...(is3d && { category: context.categoryId(category) }),
      userLabel: name.label,
      ...(name.code !== undefined && { code: this._codeOf(name.code, context) }),
      ...look,
      ...propertiesOf(values),
    };
  }

  /** The marker of a row with coordinates. */
  private _markerOf(row: TableRow): RowShape | undefined {
    const origin = this._locate(row);
    if (origin === undefined) return undefined;
    const placement = { origin, angles: {} };
    return {
      data: [...toMicrometres(origin), this._context.markerSize],
      toGeometry: () => ({ geom: this._geometry, placement }),
    };
  }

  /** The CodeSpec is named after the class. */
  private _codeOf(value: string, { codeSpecId, modelFor }: EntityContext): Code {
    const { classFullName } = this._context;
    return new Code({ spec: codeSpecId(classFullName), scope: modelFor(classFullName), value });
  }

  private _locate(row: TableRow): Point3d | undefined {
    const { positions, is3d, toPoint } = this._context;
    if (!is3d || positions === undefined) return undefined;
    const position = positions.read(row);
    if (position === undefined) return undefined;
    if (toPoint === undefined) return Point3d.create(position.first, position.second, position.up);
    const point = toPoint(position);
    if (point === undefined) (this._nowhere ??= new RowExamples(this._context.table, positions.columns)).add(row);
    return point;
  }
}

/** What a row is called. */
interface RowName {
  id: string;
  label: string;
  code?: string;
}

/** A row as the stream takes it. It tells its place only when it is asked, which for most rows is never. */
class RowEntity implements SourceEntity {
  public readonly kind: string;
  public readonly id: string;
  /** All that the element is made from: the cells that are not empty, the properties that hold them, and the place. */
  public readonly data: unknown;
  public readonly parent: SourceEntity["parent"];
  public readonly relationships: SourceEntity["relationships"];
  public readonly toElement: SourceEntity["toElement"];
  private readonly _number: number;
  private readonly _cells: TableRow["cells"];

  public constructor(
    entity: Omit<SourceEntity, "location" | "record">,
    row: TableRow,
    private readonly _origin: RowOrigin,
  ) {
    this._number = row.number;
    this._cells = row.cells;
    this.kind = entity.kind;
    this.id = entity.id;
    this.data = entity.data;
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
interface RowOrigin {
  table: Table;
  /** The headers of the columns. */
  names: readonly string[];
}

/** The props of names and values by turns. */
function propertiesOf(values: readonly CellValue[]): Record<string, CellValue> {
  const properties = new Map<string, CellValue>();
  let key = "";
  for (const [index, value] of values.entries())
    if (index % 2 === 0) key = propsKeyOf(String(value));
    else properties.set(key, value);
  return Object.fromEntries(properties);
}

function byName({ property: left }: MappedColumn, { property: right }: MappedColumn): number {
  return left.name < right.name ? -1 : 1;
}

/** So that the last digits of sines and cosines, which may differ between machines, do not count. */
function toMicrometres(point: Point3d): number[] {
  return point.toArray().map((coordinate) => Math.round(coordinate * 1e6));
}
