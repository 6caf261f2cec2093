import { isNear } from "./datum/chooseShift.js";
import type { GridFolder } from "./datum/GridFolder.js";
import { ownShift, type Area, type CrsDefinition, type CrsNote, type VerticalSystem } from "./model.js";
import { readDefinition } from "./parse/readDefinition.js";
import { DatumTransformation, type Degrees, type Transformation } from "./Transformation.js";
import { Projector } from "./Projector.js";

/**
 * How a coordinate system is read.
 * @public
 */
export interface CrsOptions {
  /** NTv2 grids, which are more exact than parameters. Default: none. */
  readonly grids?: GridFolder;
  /** Whether a datum that is not known is taken for WGS 84. Default: false: it is refused. */
  readonly allowUnknownDatum?: boolean;
}

/**
 * A coordinate system of places on the Earth.
 * @public
 */
export class CoordinateSystem {
  private readonly _projector: Projector;

  private constructor(
    /** The text that it was read from. */
    public readonly text: string,
    private readonly _definition: CrsDefinition,
    private readonly _grids: GridFolder | undefined,
  ) {
    this._projector = new Projector(_definition);
  }

  /**
   * Understands a text: an EPSG code or URN, a name of the EPSG Dataset or of Esri, WKT 1 (of OGC or of Esri), WKT 2,
   * PROJJSON, or a text for PROJ.
   * @throws ConnectorError `places/unknown-crs`, `places/damaged-crs`, `places/unknown-datum`
   */
  public static read(text: string, { grids, allowUnknownDatum }: CrsOptions = {}): CoordinateSystem {
    return new CoordinateSystem(text, readDefinition(text, allowUnknownDatum), grids);
  }

  /** The name that the text or the EPSG Dataset has for it. */
  public get name(): string {
    return this._definition.name;
  }

  /** In the EPSG Dataset, if it is a system of it. */
  public get code(): number | undefined {
    return this._definition.code;
  }

  /** Whether its coordinates are longitudes and latitudes. */
  public get isGeographic(): boolean {
    return this._definition.projection === undefined;
  }

  /** Metres for each unit; of longitudes and latitudes, degrees for each unit. */
  public get unit(): number {
    return this._definition.unit;
  }

  /** Where it is meant to be used, in degrees: west, south, east, north. */
  public get area(): Area | undefined {
    return this._definition.area;
  }

  /** What it says of heights; undefined if it says nothing. */
  public get vertical(): VerticalSystem | undefined {
    return this._definition.vertical;
  }

  /** What the user should know of how the text was understood. */
  public get notes(): readonly CrsNote[] {
    return this._definition.notes;
  }

  /** What tells it from other systems. */
  public get key(): string {
    const { projection = "longlat", datum, unit, axes, vertical } = this._definition;
    const { semiMajor, inverseFlattening } = datum.ellipsoid;
    const own = datum.shifts.filter(({ code }) => code === ownShift).map(({ values }) => values);
    const shape = [datum.name, semiMajor, inverseFlattening, datum.meridian];
    return JSON.stringify([projection, unit, axes, ...shape, vertical, ...own]);
  }

  /** Whether it is used at a position: in its area, or less than a degree beside it. True where its area is not known. */
  public isUsedAt(position: readonly [number, number, ...number[]]): boolean {
    return this.area === undefined || isNear(this.area, this._projector.toDegrees([position[0], position[1]]));
  }

  /** A position as east and north in metres, or in degrees, whatever the directions and the unit of the axes are. */
  public eastNorth(position: readonly [number, number, ...number[]]): [east: number, north: number] {
    return this._projector.eastNorth(position[0], position[1]);
  }

  /** East and north in metres, or in degrees, as a position. */
  public fromEastNorth([east, north]: readonly [east: number, north: number]): [first: number, second: number] {
    return this._projector.fromEastNorth(east, north);
  }

  /**
   * How its points become places on the Earth near some of them. The datum shift is the one that serves them best.
   * @param points - such as the corners of all data. If no shift serves them all, that for the first is taken
   */
  public transformation(...points: readonly (readonly [number, number])[]): Transformation {
    const places = points.map((point) => this._projector.toDegrees(point)).filter(isPlace);
    return new DatumTransformation(this._definition, this._projector, places, this._grids);
  }
}

function isPlace([longitude, latitude]: Degrees): boolean {
  return Number.isFinite(longitude) && Number.isFinite(latitude);
}
