import { Cartographic } from "@itwin/core-common";
import { Range3d, type Range3dProps } from "@itwin/core-geometry";
import type { CoordinateSystem } from "../../places/CoordinateSystem.js";
import { isNear } from "../../places/datum/chooseShift.js";
import { PointRange, type Bounds } from "../../places/frame/PointRange.js";
import type { Area } from "../../places/model.js";
import type { Transformation } from "../../places/Transformation.js";
import type { TableRow } from "../format/TableReader.js";
import { PositionReader, type CoordinateColumns, type RowPosition, type RowSource } from "./coordinates.js";
import {
  countSigns,
  degreesAsMetres,
  notOnEarth,
  nowhere,
  rowsExchanged,
  rowsOutside,
  rowsUnplaced,
  type PositionIssue,
  type Unplaced,
} from "./positionIssues.js";
import { RowExamples } from "./RowExamples.js";
import { SwapCheck } from "./SwapCheck.js";

/** Names of columns that hold degrees. */
const degreeNames = [/^(longitude|long?|lng)$/i, /^(latitude|lat)$/i] as const;

/** What decides about the place of a table's rows beside the rows themselves, as plain data. */
export interface PositionFigures {
  /** Around all rows, Earth-centred, where they have longitudes and latitudes without a coordinate system; else null. */
  readonly onEarth: Range3dProps;
  /** Whether a row has a height other than zero. */
  readonly hasHeights: boolean;
  /**
   * Around all positions within the area in which the coordinate system is used, or around all if there are no others: so a
   * row at 0, 0 does not decide where the iModel is. In the unit of the columns. Undefined without any.
   */
  readonly bounds?: Bounds;
}

/** The positions of a table, as this run or the last one has found them. */
export interface TablePositions {
  readonly columns: CoordinateColumns;
  /** Undefined where x and y are coordinates of the iModel. */
  readonly figures?: PositionFigures;
}

/** What the positions of a table are, and what is wrong with them. */
export class PositionSurvey {
  private readonly _onEarth = Range3d.createNull();
  private _hasHeights = false;
  private readonly _reader: PositionReader;
  private readonly _inside = new PointRange();
  private readonly _all = new PointRange();
  private readonly _outside: RowExamples;
  private readonly _placed: RowExamples;
  private readonly _unplaced: Unplaced;
  private readonly _swaps: SwapCheck;
  private _transformation?: Transformation;
  private _first?: { row: TableRow; position: RowPosition };

  public constructor(
    public readonly columns: CoordinateColumns,
    private readonly _source: RowSource,
  ) {
    this._reader = new PositionReader(columns, _source);
    const examples = () => new RowExamples(_source.table, columns);
    this._outside = examples();
    this._placed = examples();
    this._unplaced = { rows: examples(), fitSwapped: 0, areMetres: 0, exchanged: new PointRange() };
    this._swaps = new SwapCheck(_source.table, columns);
  }

  /** @throws ConnectorError `<code>/not-a-number`, `<code>/incomplete-coordinates` */
  public add(row: TableRow): void {
    const position = this._reader.read(row);
    if (position === undefined) return;
    const place = position.fault === undefined ? this._placeOf(position) : undefined;
    if (place === undefined) {
      this._addUnplaced(row, position);
      return;
    }
    if (position.up !== 0) this._hasHeights = true;
    if (this.columns.isGeographic) this._addToEarth(position);
    this._placed.add(row);
    this._all.add(position.first, position.second);
    if (isInside(this.columns.system, place)) this._inside.add(position.first, position.second);
    else this._outside.add(row);
    if (this._areDegrees) this._swaps.add(row, place[0], place[1]);
  }

  /** What decides about the place of the rows. Undefined where x and y are coordinates of the iModel: each is its own place. */
  public get figures(): PositionFigures | undefined {
    const { isGeographic, system } = this.columns;
    if (!isGeographic && system === undefined) return undefined;
    const { _onEarth: range, bounds } = this;
    const onEarth = range.isNull ? [] : range.toJSON();
    return { onEarth, hasHeights: this._hasHeights, ...(bounds !== undefined && { bounds }) };
  }

  /** Whether a row has a height other than zero. */
  public get hasHeights(): boolean {
    return this._hasHeights;
  }

  /** As in {@link PositionFigures}. */
  public get bounds(): Bounds | undefined {
    const range = this._inside.isEmpty ? this._all : this._inside;
    const { system } = this.columns;
    return this._areDegrees ? range.boundsOnEarth(360 / (system?.unit ?? 1)) : range.bounds;
  }

  /** Around all positions, in degrees, where they are longitudes and latitudes. */
  public get degrees(): Bounds | undefined {
    const { system } = this.columns;
    const { bounds } = this;
    if (!this._areDegrees || bounds === undefined) return undefined;
    const [west, south, east, north] = bounds;
    const unit = system?.unit ?? 1;
    return [west * unit, south * unit, east * unit, north * unit];
  }

  /** The position of a row. Undefined without one, and for one that has no place: {@link PositionSurvey.issues} tells these. */
  public read(row: TableRow): RowPosition | undefined {
    const position = this._reader.read(row);
    return position?.fault === undefined && position && this._placeOf(position) ? position : undefined;
  }

  /** @throws ConnectorError `<code>/coordinate-out-of-range` if rows have coordinates, but not one has a place */
  public check(): void {
    if (this._placed.count > 0 || this._first === undefined) return;
    const { row, position } = this._first;
    throw nowhere(this._unplaced, { row, fault: position.fault, columns: this.columns, ...this._source });
  }

  /** What the user should know. */
  public get issues(): PositionIssue[] {
    const { columns, _unplaced: unplaced } = this;
    const exchanged = this._swaps.exchanged;
    return [
      ...(unplaced.rows.count > 0 ? [rowsUnplaced(unplaced, columns, this.degrees)] : []),
      ...(exchanged === undefined ? [] : [rowsExchanged(exchanged)]),
      ...(this._looksLikeDegrees() ? [degreesAsMetres(this._placed, columns)] : []),
      ...this._outsideIssues(),
    ];
  }

  /** The rows that have a place, for messages. */
  public get placed(): RowExamples {
    return this._placed;
  }

  private get _areDegrees(): boolean {
    return this.columns.isGeographic || this.columns.system?.isGeographic === true;
  }

  /** Longitude and latitude in degrees; undefined where the coordinate system has no such place. */
  private _placeOf({ first, second }: RowPosition): readonly [number, number] | undefined {
    const { isGeographic, system } = this.columns;
    if (isGeographic) return [first, second];
    if (system === undefined) return [NaN, NaN]; // somewhere in the iModel
    this._transformation ??= system.transformation([first, second]);
    const place = this._transformation.toDegrees([first, second]);
    return place.every(Number.isFinite) ? place : undefined;
  }

  private _addToEarth({ first: longitude, second: latitude, up: height }: RowPosition): void {
    this._onEarth.extendPoint(Cartographic.fromDegrees({ longitude, latitude, height }).toEcef());
  }

  private _addUnplaced(row: TableRow, position: RowPosition): void {
    const { columns, _unplaced: unplaced } = this;
    this._first ??= { row, position: { ...position, fault: position.fault ?? notOnEarth(columns) } };
    unplaced.rows.add(row);
    if (!this._areDegrees) return;
    const unit = columns.system?.unit ?? 1;
    countSigns(unplaced, position.first * unit, position.second * unit);
  }

  /** Where all rows lie outside, the module for places says so. */
  private _outsideIssues(): PositionIssue[] {
    const { system } = this.columns;
    if (system === undefined || this._outside.count === 0 || this._inside.isEmpty) return [];
    return [rowsOutside(this._outside, system)];
  }

  /**
   * Whether x and y in metres are degrees by all signs: all are in the range of degrees, and either the names of the columns say
   * so, or they lie in the area of the coordinate system as degrees and outside of it as metres. Those of a system for the
   * whole world would lie within 180 m of its origin, in the sea.
   */
  private _looksLikeDegrees(): boolean {
    const bounds = this._areDegrees ? undefined : this._all.bounds;
    if (bounds === undefined || !areInRangeOfDegrees(bounds)) return false;
    const { system, first, second } = this.columns;
    if (degreeNames[0].test(first.name) && degreeNames[1].test(second.name)) return true;
    return (
      system?.area !== undefined &&
      isInAreaAsDegrees(bounds, system.area) &&
      this._isOutsideAsMetres(bounds, system.area)
    );
  }

  private _isOutsideAsMetres(bounds: Bounds, area: Area): boolean {
    return this._inside.isEmpty || (isGlobal(area) && !isAtZero(bounds));
  }
}

function isInAreaAsDegrees([west, south, east, north]: Bounds, area: Area): boolean {
  const corners = [[west, south], [west, north], [east, south], [east, north]] as const; // prettier-ignore
  return corners.every((corner) => isNear(area, corner));
}

function isInside(system: CoordinateSystem | undefined, place: readonly [number, number]): boolean {
  return system?.area === undefined || isNear(system.area, place);
}

function areInRangeOfDegrees([west, south, east, north]: Bounds): boolean {
  return west >= -180 && east <= 360 && south >= -90 && north <= 90;
}

function isGlobal([west, , east]: Area): boolean {
  return west <= -180 && east >= 180;
}

/** A row at 0, 0 alone has no place rather than one in degrees. */
function isAtZero(bounds: Bounds): boolean {
  return bounds.every((value) => value === 0);
}
