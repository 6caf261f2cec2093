import { expectDefined, type Id64String } from "@itwin/core-bentley";
import {
  Code,
  GeometryStreamBuilder,
  type GeometricElement3dProps,
  type GeometryStreamProps,
} from "@itwin/core-common";
import { Point3d } from "@itwin/core-geometry";
import { propsKeyOf } from "../imodel/classNames.js";
import { hashOf } from "../connector/stream/entityItem.js";
import type { EntityContext, NewElementProps, SourceEntity } from "../connector/stream/SourceEntity.js";
import type { CellReader } from "./cells/CellReader.js";
import { cellValue, textOf, type CellValue } from "./cells/columnTypes.js";
import { rowsNowhere, type PositionIssue } from "./survey/positionIssues.js";
import type { PositionSurvey } from "./survey/PositionSurvey.js";
import { RowExamples } from "./survey/RowExamples.js";
import type { ToPoint } from "./place/placeTables.js";
import type { MappedColumn } from "./classes/propertyMapping.js";
import type { MappedRows } from "./classes/MappedRows.js";
import { idOf } from "./rows/rowIds.js";
import { RowEntity } from "./RowEntity.js";
import { shorten, type SourceErrors } from "./format/SourceErrors.js";
import type { TableHeader } from "./survey/tableHeader.js";
import type { RowShape, Table, TableRow } from "./format/TableReader.js";

/** What all rows of a table have in common. */
export interface RowContext {
  table: Table;
  errors: SourceErrors;
  cells: CellReader;
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

/** A column with what the checksums of its rows say of it. */
interface HashedColumn extends MappedColumn {
  /** The property, its type and the conversion: as long as they stay, the same cell is the same value. */
  key: string;
}

/**
 * Makes entities of the rows of a table. What tells whether a row has changed are its cells as the source writes them, so
 * that values are made only of new and changed rows, and a digit more is a change even where the number is the same.
 */
export class RowEntities {
  /** In an order of their own, so that the order of the columns makes no difference to a checksum. */
  private readonly _columns: readonly HashedColumn[];
  private readonly _geometry: GeometryStreamProps;
  private _nowhere?: RowExamples;

  public constructor(private readonly _context: RowContext) {
    this._columns = _context.columns.map((column) => ({ ...column, key: keyOf(column) })).sort(byName);
    const builder = new GeometryStreamBuilder();
    builder.appendGeometryPart3d(_context.markerId);
    this._geometry = builder.geometryStream;
  }

  /** A hash of all that decides beside the cells and the shape of a row about what becomes of it. */
  public get key(): string {
    const { kind, classFullName, category, is3d, markerSize, header } = this._context;
    const columns = this._columns.map(({ key, index }) => `${key} ${header.names[index] ?? ""}`);
    const ids = header.idColumns.map((index) => header.names[index]);
    return hashOf([kind, classFullName, category, is3d, markerSize, header.names, ids, columns]);
  }

  /** Takes note of a row whose entity is known to be unchanged: of its place, as far as that has to be reported. */
  public passOver(row: TableRow): void {
    if (this._context.toPoint !== undefined && row.shape === undefined) this._markerOf(row);
  }

  /** The entity of a row. */
  public make(row: TableRow): SourceEntity {
    const { header, kind, table, mapped, classFullName, category } = this._context;
    const look = row.shape ?? this._markerOf(row);
    const id = idOf(row, header.idColumns);
    const name = { id, label: mapped?.labelOf(row) ?? id, code: mapped?.codeOf(row) };
    const state = this._stateOf(row);
    if (look !== undefined) state.push(look.data);
    if (mapped !== undefined) state.push([name.label, name.code, classFullName, category]);
    const toElement = (context: EntityContext) =>
      this._propsOf(row, name, context, look?.toGeometry(this._context.markerId));
    const related = mapped && { parent: mapped.parentOf(row), relationships: mapped.relationshipsOf(row) };
    return new RowEntity({ kind, id, checksum: hashOf(state), toElement, ...related }, row, {
      table,
      names: header.names,
    });
  }

  /** Reports what is known only when all rows are made. */
  public finish(): void {
    if (this._nowhere !== undefined) this._context.report(rowsNowhere(this._nowhere));
  }

  /** The cells that hold something, each after its column. One flat list, because a pair for each cell costs time. */
  private _stateOf({ cells }: TableRow): unknown[] {
    const state: unknown[] = [];
    for (const { index, key, property } of this._columns) {
      const content = this._context.cells.readAs(cells[index], property.type);
      if (content !== undefined) state.push(key, content);
    }
    return state;
  }

  /** The values of the properties that a row has. */
  private _propertiesOf(row: TableRow): Record<string, CellValue> {
    const properties: [string, CellValue][] = [];
    for (const column of this._columns) {
      const value = this._valueOf(column, row);
      if (value !== undefined) properties.push([propsKeyOf(column.property.name), value]);
    }
    return Object.fromEntries(properties);
  }

  private _valueOf({ index, property, convert }: MappedColumn, row: TableRow): CellValue | undefined {
    const { table, errors, cells } = this._context;
    const content = cells.readAs(row.cells[index], property.type);
    if (content === undefined) return undefined;
    const isText = property.type !== "string" && cells.isOnlyText(row.cells[index]);
    const value = convert === undefined ? cellValue(content, property.type) : convert(content);
    if (value !== undefined && !isText) return value;
    throw errors.make("wrong-type", `"${shorten(textOf(content))}" is no ${property.type}.`, {
      source: table.locate(row.number, shorten(property.label ?? property.name)),
      advice: "Correct the value, or the type that the mapping gives the column.",
    });
  }

  /** The element of a row: with its shape, or its marker where the row has coordinates, else without geometry. */
  private _propsOf(
    row: TableRow,
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
      ...this._propertiesOf(row),
    };
  }

  /** The marker of a row with coordinates. */
  private _markerOf(row: TableRow): RowShape | undefined {
    const { positions, is3d, toPoint, markerSize } = this._context;
    const position = is3d ? positions?.read(row) : undefined;
    if (position === undefined) return undefined;
    const { first, second, up } = position;
    if (toPoint === undefined)
      return this._markerAt([first, second, up, markerSize], () => Point3d.create(first, second, up));
    const point = toPoint(position);
    if (point !== undefined) return this._markerAt([...toMicrometres(point), markerSize], () => point);
    (this._nowhere ??= new RowExamples(this._context.table, expectDefined(positions).columns)).add(row);
    return undefined;
  }

  private _markerAt(data: readonly number[], pointOf: () => Point3d): RowShape {
    return { data, toGeometry: () => ({ geom: this._geometry, placement: { origin: pointOf(), angles: {} } }) };
  }

  /** The CodeSpec is named after the class. */
  private _codeOf(value: string, { codeSpecId, modelFor }: EntityContext): Code {
    const { classFullName } = this._context;
    return new Code({ spec: codeSpecId(classFullName), scope: modelFor(classFullName), value });
  }
}

/** What a row is called. */
interface RowName {
  id: string;
  label: string;
  code?: string;
}

/** What decides beside a cell about the value that it becomes. */
function keyOf({ property: { name, type }, scale: [zero, one] = [0, 1] }: MappedColumn): string {
  return [name, type, ...(zero === 0 && one === 1 ? [] : [zero, one])].join(" ");
}

function byName({ property: left }: MappedColumn, { property: right }: MappedColumn): number {
  return left.name < right.name ? -1 : 1;
}

/** So that the last digits of sines and cosines, which may differ between machines, do not count. */
function toMicrometres(point: Point3d): number[] {
  return point.toArray().map((coordinate) => Math.round(coordinate * 1e6));
}
