import type { IModelDb } from "@itwin/core-backend";
import { expectDefined } from "@itwin/core-bentley";
import { Cartographic } from "@itwin/core-common";
import { Point3d, Transform } from "@itwin/core-geometry";
import { ConnectorError } from "../../ConnectorError.js";
import { CoordinateSystem } from "../CoordinateSystem.js";
import type { GridFolder } from "../datum/GridFolder.js";
import type { CrsNote } from "../model.js";
import type { Degrees, Transformation } from "../Transformation.js";
import { isPlacedByDegrees } from "./placeState.js";
import { writeGcs } from "./gcs.js";
import { MapPlane, type Seat } from "./MapPlane.js";
import type { Bounds } from "./PointRange.js";
import { readFrame, writeFrame, type StoredFrame } from "./storedFrame.js";

/** A document that lies farther from the iModel's origin than so many metres is placed on the curved Earth. */
export const flatLimit = 100_000;

/** A document that lies farther from an iModel's contents than so many metres is refused. */
export const farthest = 1_000_000;

/** A flat map that is off sideways by more than so many metres is an issue. */
const mostSideways = 1;

/**
 * A document that is to be brought to its place.
 * @public
 */
export interface PlacedDocument {
  /** What its positions are in. */
  readonly system: CoordinateSystem;
  /** The range of its positions, in the coordinates of the system. */
  readonly bounds: Bounds;
  /** Whether it has heights. Default: true. */
  readonly hasHeights?: boolean;
}

/**
 * How the positions of a document become points of an iModel.
 * @public
 */
export interface Placement {
  /** What tells it from others: elements are written again under another one. */
  readonly key: string;
  /** What the user should know. */
  readonly notes: readonly CrsNote[];
  /** What is known only after the last point: how many positions are where a grid has no value. */
  readonly lateNotes: () => readonly CrsNote[];
  /** A position in the coordinates of the document, with its height in metres, as a point in metres. NaN where there is none. */
  readonly toPoint: (position: readonly [number, number, ...number[]], height?: number) => Point3d;
}

/**
 * Where an iModel is on the Earth: its location, and the plane of a map that it lies in.
 *
 * Near its origin an iModel is flat, as maps are: x and y are those of the map, and z is the height. The plane and the Earth
 * part by 8 m in height at 10 km, and by 785 m at 100 km. What is farther away stands where it is on the curved Earth, upright
 * there.
 * @public
 */
export class IModelFrame {
  private constructor(
    private readonly _imodel: IModelDb,
    private readonly _plane: MapPlane,
    private readonly _stored: StoredFrame | undefined,
    /** Why no document is laid into the plane; undefined where documents are. */
    private readonly _obstacle?: CrsNote | "degrees",
  ) {}

  /** The frame of an iModel; undefined where it has no place on the Earth. */
  public static of(imodel: IModelDb, grids?: GridFolder): IModelFrame | undefined {
    if (!imodel.isGeoLocated) return undefined;
    const stored = readFrame(imodel);
    if (stored === undefined) {
      const obstacle = isPlacedByDegrees(imodel) ? "degrees" : undefined;
      return new IModelFrame(imodel, planeOfLocation(imodel), undefined, obstacle);
    }
    const plane = storedPlane(stored, grids);
    return new IModelFrame(imodel, plane, stored, plane.shift.shift === stored.shift ? undefined : lackingGrid(stored));
  }

  /** Gives a place to an iModel that has none: its origin is in the middle of a document. */
  public static at(imodel: IModelDb, { system, bounds }: PlacedDocument, grids?: GridFolder): IModelFrame {
    const centre = centreOf(bounds);
    const transformation = system.transformation(centre, ...cornersOf(bounds));
    if (!transformation.toDegrees(centre).every(Number.isFinite)) throw nowhere(system, bounds);
    if (system.isGeographic) return this._put(imodel, MapPlane.at(transformation.toDegrees(centre)), grids);
    const origin = system.eastNorth(centre);
    return this._put(imodel, new MapPlane(system, transformation, { origin, rotation: 0, scale: 1, height: 0 }), grids);
  }

  /** Gives a place to an iModel that has none: it lies in the map as a document does. */
  public static on(imodel: IModelDb, system: CoordinateSystem, seat: Seat, grids?: GridFolder): IModelFrame {
    const position = system.fromEastNorth(seat.origin);
    const transformation = system.transformation(position);
    if (!system.isGeographic) return this._put(imodel, new MapPlane(system, transformation, seat), grids);
    const plane = MapPlane.at(transformation.toDegrees(position), { ...seat, origin: [0, 0] });
    return this._put(imodel, plane, grids);
  }

  /**
   * The frame for a document: that of the iModel, or one around the document where the iModel has none, or where the document
   * is the only one and lies far from the frame, as after a wrong coordinate system in its first run.
   */
  public static for(imodel: IModelDb, document: PlacedDocument, grids?: GridFolder): IModelFrame {
    const frame = this.of(imodel, grids);
    if (frame === undefined) return this.at(imodel, document, grids);
    const isRenewed = frame._stored !== undefined && hasOneJob(imodel) && frame._isFarFrom(document);
    return isRenewed ? this.at(imodel, document, grids) : frame;
  }

  /** Whether the map is known that the iModel lies in. Else documents are laid into a plane around its location. */
  public get hasMap(): boolean {
    return this._stored !== undefined;
  }

  private static _put(imodel: IModelDb, plane: MapPlane, grids?: GridFolder): IModelFrame {
    const location = plane.location();
    imodel.updateEcefLocation(location);
    writeGcs(imodel, plane.system, plane.seat);
    const stored = { crs: plane.system.text, ...plane.seat, ...plane.shift };
    writeFrame(imodel, stored, location);
    return expectDefined(IModelFrame.of(imodel, grids));
  }

  /**
   * How the positions of a document become points of the iModel.
   * @throws ConnectorError `places/too-far`, `places/out-of-range`
   */
  public place({ system, bounds, hasHeights = true }: PlacedDocument): Placement {
    const transformation = system.transformation(centreOf(bounds), ...cornersOf(bounds));
    const flat = this._flat(system, transformation);
    const exact = this._exact(transformation);
    const points = [centreOf(bounds), ...cornersOf(bounds)];
    const pairs = points.map((point) => ({ flat: flat(point, 0), exact: exact(point, 0) }));
    const placed = pairs.filter((pair) => Number.isFinite(pair.exact.x) && Number.isFinite(pair.flat.x));
    if (placed.length === 0) throw nowhere(system, bounds);
    const distance = Math.max(...pairs.map((pair) => pair.exact.magnitude()).filter(Number.isFinite));
    this._refuseFar(
      placed.map((pair) => pair.exact),
      system,
    );
    const isFlat = this._obstacle === undefined && distance <= flatLimit && placed.length === pairs.length;
    const sideways = Math.max(...placed.map((pair) => this._footOf(pair.flat).distance(pair.exact)));
    const notes = [
      ...transformation.notes,
      ...(typeof this._obstacle === "object" ? [this._obstacle] : []),
      ...(isFlat ? flatNotes(distance, sideways) : curvedNotes(distance)),
      ...(hasHeights ? this._heightNotes(system) : []),
    ];
    const key = JSON.stringify([system.key, transformation.shift, isFlat, this._stored ?? this._plane.seat]);
    const toPoint = isFlat ? flat : exact;
    const lateNotes = () => transformation.notes.filter((note) => note.key === "outside-grid");
    return { key, notes, lateNotes, toPoint: (position, up = 0) => toPoint(position, up) };
  }

  /** Whether the middle of a document is not within the flat map, though the document would be within one of its own. */
  private _isFarFrom({ system, bounds }: PlacedDocument): boolean {
    const [centre, corner] = [centreOf(bounds), cornersOf(bounds)[0] ?? centreOf(bounds)];
    const exact = this._exact(system.transformation(centre));
    const [middle, edge] = [exact(centre, 0), exact(corner, 0)];
    return middle.magnitude() > flatLimit && middle.distance(edge) < flatLimit;
  }

  private _flat(system: CoordinateSystem, transformation: Transformation) {
    const plane = this._plane;
    if (plane.system.key === system.key && plane.shift.shift === transformation.shift && !system.isGeographic) {
      return (position: readonly [number, number, ...number[]], height: number) =>
        plane.toPoint(...system.eastNorth(position), height);
    }
    return (position: readonly [number, number, ...number[]], height: number) =>
      plane.toPoint(...plane.fromDegrees(transformation.toDegrees(position)), height);
  }

  private _exact(transformation: Transformation) {
    const toSpatial = this._toSpatial;
    return (position: readonly [number, number, ...number[]], height: number) =>
      toSpatial.multiplyPoint3d(Point3d.create(...transformation.toEcef(position, height)));
  }

  /** The point of the ellipsoid below or above a point. */
  private _footOf(point: Point3d): Point3d {
    const place = Cartographic.fromEcef(this._imodel.spatialToEcef(point));
    if (place === undefined) return point;
    place.height = 0;
    return this._imodel.ecefToSpatial(place.toEcef());
  }

  private get _toSpatial(): Transform {
    const inverse = this._imodel.getEcefTransform().inverse();
    if (inverse === undefined) throw new RangeError("the iModel's location cannot be inverted");
    return inverse;
  }

  /** From what the iModel holds, or from its origin if that is nearer. */
  private _refuseFar(points: readonly Point3d[], system: CoordinateSystem): void {
    const extents = this._imodel.projectExtents;
    const distance = Math.min(...points.map((point) => Math.min(extents.distanceToPoint(point), point.magnitude())));
    if (!(distance > farthest)) return;
    const kilometres = Math.round(distance / 1000);
    const message = `The document lies ${kilometres} km from the iModel's contents, in "${system.name}"; at most ${farthest / 1000} km can be held, where the directions of up differ by 9 degrees.`;
    throw new ConnectorError("places/too-far", message, {
      advice:
        'See whether its coordinate system is the right one, and name it with the option "crs"; or bring it into an iModel of its own. If an earlier run had a wrong coordinate system, delete the iModel and run again.',
    });
  }

  private _heightNotes({ vertical, name }: CoordinateSystem): CrsNote[] {
    if (vertical === undefined || vertical.isEllipsoidal) return [];
    const message = `Heights of "${name}" are above the sea (${vertical.name}). They are taken as they are: on a globe they stand as if they were above the ellipsoid, which is up to 100 m from the sea.`;
    return [{ key: "heights", message }];
  }
}

/** Whether all geometry of an iModel comes from one job: what others have put there must stay where it is. */
function hasOneJob(imodel: IModelDb): boolean {
  const jobs = "SELECT 1 FROM bis.Subject WHERE Parent.Id=0x1 AND JsonProperties LIKE '%\"Job\"%' LIMIT 2";
  const others = `
    SELECT 1 FROM bis.GeometricElement3d g WHERE g.Parent.Id IS NULL AND g.GeometryStream IS NOT NULL AND g.ECInstanceId
    NOT IN (SELECT a.Element.Id FROM bis.ExternalSourceAspect a WHERE a.Element.Id IS NOT NULL) LIMIT 1`;
  return countRows(imodel, jobs) < 2 && countRows(imodel, others) === 0;
}

function countRows(imodel: IModelDb, ecsql: string): number {
  return imodel.withPreparedStatement(ecsql, (statement) => [...statement].length);
}

/** The plane with the shift that it was placed by: without its grid if it had none, whatever grids there are now. */
function storedPlane({ crs, origin, rotation, scale, height, grid }: StoredFrame, grids?: GridFolder): MapPlane {
  const system = CoordinateSystem.read(crs, { allowUnknownDatum: true, ...(grid !== undefined && { grids }) });
  const transformation = system.transformation(system.fromEastNorth(origin));
  return new MapPlane(system, transformation, { origin, rotation, scale, height });
}

function lackingGrid({ shift, crs }: StoredFrame): CrsNote {
  const message = `The iModel was placed by ${shift}, which is not there now. Places are exact on the Earth, but not in the map of "${crs.slice(0, 40)}": name the folder of the grid with --grids.`;
  return { key: "no-frame-grid", message };
}

/** What another program has placed has a location alone: its plane touches the Earth at its origin. */
function planeOfLocation(imodel: IModelDb): MapPlane {
  const origin = Cartographic.fromEcef(imodel.spatialToEcef(Point3d.createZero()));
  if (origin === undefined) throw new RangeError("the iModel's location is nowhere on the Earth");
  const { longitudeDegrees, latitudeDegrees, height } = origin;
  const plane = MapPlane.at([longitudeDegrees, latitudeDegrees], { height });
  const toPlane = expectDefined(plane.location().getTransform().matrix.inverse());
  const axis = toPlane.multiplyVector(imodel.getEcefTransform().matrix.columnX());
  return MapPlane.at([longitudeDegrees, latitudeDegrees], {
    height,
    rotation: Math.atan2(axis.y, axis.x),
    scale: axis.magnitude(),
  });
}

function centreOf([west, south, east, north]: Bounds): [number, number] {
  return [(west + east) / 2, (south + north) / 2];
}

function cornersOf([west, south, east, north]: Bounds): [number, number][] {
  return [[west, south], [west, north], [east, south], [east, north]]; // prettier-ignore
}

/** The plane and the Earth part with the square of the distance. */
function heightError(distance: number): number {
  return (distance * distance) / (2 * 6_371_000);
}

function flatNotes(distance: number, sideways: number): CrsNote[] {
  if (!(sideways > mostSideways)) return [];
  const message = `The document reaches ${kilometresOf(distance)} km from the iModel's origin. Its places are exact in the map; on a globe, the flat map is up to ${sideways.toFixed(1)} m off sideways and ${Math.round(heightError(distance))} m too high there.`;
  return [{ key: "flat", message }];
}

/** Near the origin, the curved Earth is as flat as a map. */
function curvedNotes(distance: number): CrsNote[] {
  if (distance <= flatLimit) return [];
  const message = `The document reaches ${kilometresOf(distance)} km from the iModel's origin, farther than a flat map can hold (${flatLimit / 1000} km). It follows the curved Earth: far from the origin, z is below the height, by ${Math.round(heightError(distance)).toLocaleString("en")} m at most.`;
  return [{ key: "curved", message }];
}

function kilometresOf(distance: number): string {
  return Math.round(distance / 1000).toLocaleString("en");
}

function nowhere(system: CoordinateSystem, bounds: Bounds): ConnectorError {
  const range = bounds.map((value) => Number(value.toPrecision(9))).join(", ");
  const areMetres = system.isGeographic && bounds.some((value) => Math.abs(value) > 1000);
  const hint = areMetres ? "They look like metres or feet of a projected system. " : "";
  return new ConnectorError(
    "places/out-of-range",
    `The coordinates do not lie on the Earth in "${system.name}" (west, south, east, north: ${range}).`,
    {
      advice: `${hint}See whether the coordinate system belongs to the file, or name another one with the option "crs".`,
    },
  );
}

export type { Degrees };
