import type { IModelDb } from "@itwin/core-backend";
import { expectDefined } from "@itwin/core-bentley";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Point3d, Range3d } from "@itwin/core-geometry";
import { CoordinateSystem } from "../../places/CoordinateSystem.js";
import type { GridFolder } from "../../places/datum/GridFolder.js";
import { IModelFrame, type PlacedDocument, type Placement } from "../../places/frame/IModelFrame.js";
import type { Bounds } from "../../places/frame/PointRange.js";
import { keepLocation } from "../../places/frame/placeState.js";
import { readFrame } from "../../places/frame/storedFrame.js";
import { farthestElement, type RowPosition } from "../survey/coordinates.js";
import { allExchanged, unitOfHeights, type PositionIssue } from "../survey/positionIssues.js";
import type { PositionSurvey, TablePositions } from "../survey/PositionSurvey.js";

/** Where a row is in the iModel, in metres; undefined for a position that has no place there. */
export type ToPoint = (position: RowPosition) => Point3d | undefined;

/** How the rows of a table come to their places. */
export interface PlacedRows {
  toPoint: ToPoint;
  /** Reports what is known only after the last row. */
  finish(): void;
}

type Report = (issue: PositionIssue) => void;

/** What placing needs beside the tables. */
export interface PlacementContext {
  grids: GridFolder | undefined;
  report: Report;
}

/** A table whose x and y are coordinates of a system. */
interface MappedTable {
  positions: TablePositions;
  system: CoordinateSystem;
  bounds: Bounds;
}

/** Rows that are read farther from the iModel's contents than so many metres are suspected to be exchanged. */
const suspiciouslyFar = 1_000_000;
/** They are, if they lie nearer than so many metres once they are exchanged. */
const nearby = 100_000;

/**
 * Gives the iModel a place on the Earth, if the tables have one and the iModel has none, and finds out how their rows come to
 * their places in it.
 *
 * x and y of a coordinate system go through the iModel's frame, which is flat as maps are. So do longitudes and latitudes in an
 * iModel that lies on a map. In one that has a location alone, they stand exactly where they are on the curved Earth.
 * @throws ConnectorError `places/too-far`, `places/out-of-range`
 */
export function placeTables(
  imodel: IModelDb,
  tables: readonly TablePositions[],
  { grids, report }: PlacementContext,
): Map<TablePositions, PlacedRows> {
  const mapped = tables.flatMap(mappedTable);
  const onEarth = tables.filter(({ columns }) => columns.isGeographic);
  const [first] = mapped;
  const frame = first && IModelFrame.for(imodel, documentOfAll(first, mapped), grids);
  georeference(imodel, onEarth);
  const places = new Map<TablePositions, PlacedRows>();
  for (const { positions, system, bounds } of mapped)
    places.set(positions, placed(expectDefined(frame).place(documentOf(positions, system, bounds)), report));
  for (const positions of onEarth) places.set(positions, placeOnEarth(imodel, positions, { grids, report }));
  return places;
}

/** In a frame of a map, longitudes and latitudes are those of a coordinate system like any other. */
function placeOnEarth(imodel: IModelDb, positions: TablePositions, { grids, report }: PlacementContext): PlacedRows {
  const bounds = positions.figures?.bounds;
  const frame = readFrame(imodel) === undefined ? undefined : IModelFrame.of(imodel, grids);
  if (frame === undefined || bounds === undefined)
    return {
      finish: () => undefined,
      toPoint: ({ first: longitude, second: latitude, up: height }) =>
        imodel.ecefToSpatial(Cartographic.fromDegrees({ longitude, latitude, height }).toEcef()),
    };
  return placed(frame.place(documentOf(positions, CoordinateSystem.read("EPSG:4326"), bounds)), report);
}

function placed(placement: Placement, report: Report): PlacedRows {
  const reportAll = (notes: Placement["notes"]) => {
    for (const { key, message } of notes) report({ key: `places/${key}`, message });
  };
  reportAll(placement.notes);
  return {
    finish: () => reportAll(placement.lateNotes()),
    toPoint: ({ first, second, up }) => {
      const point = placement.toPoint([first, second], up);
      return point.maxAbs() <= farthestElement ? point : undefined;
    },
  };
}

function documentOf({ figures }: TablePositions, system: CoordinateSystem, bounds: Bounds) {
  return { system, bounds, hasHeights: figures?.hasHeights };
}

function mappedTable(positions: TablePositions): MappedTable[] {
  const bounds = positions.figures?.bounds;
  const { system } = positions.columns;
  return system === undefined || bounds === undefined ? [] : [{ positions, system, bounds }];
}

/** All tables that have the system of the first, as one document: a new iModel has its origin in the middle. */
function documentOfAll({ system }: MappedTable, tables: readonly MappedTable[]): PlacedDocument {
  const all = tables.filter((table) => table.system.key === system.key).map((table) => table.bounds);
  const least = (index: 0 | 1) => Math.min(...all.map((bounds) => bounds[index]));
  const most = (index: 2 | 3) => Math.max(...all.map((bounds) => bounds[index]));
  return { system, bounds: [least(0), least(1), most(2), most(3)] };
}

/** Longitudes and latitudes need an iModel that is somewhere: the first ones decide where. */
function georeference(imodel: IModelDb, tables: readonly TablePositions[]): void {
  const range = Range3d.createNull();
  for (const { figures } of tables) if (figures !== undefined) range.extendRange(Range3d.fromJSON(figures.onEarth));
  if (range.isNull || imodel.isGeoLocated) return;
  imodel.updateEcefLocation(EcefLocation.createFromCartographicOrigin(centreOnEarth(range)));
  keepLocation(imodel);
}

/** The middle of Earth-centred points, as a place on the Earth, at height zero. */
function centreOnEarth(points: Range3d): Cartographic {
  // The centre of points around the whole Earth can be the centre of the Earth, which has no longitude.
  const centre = Cartographic.fromEcef(points.center) ?? Cartographic.fromEcef(points.high);
  const { longitude, latitude } = expectDefined(centre);
  return Cartographic.fromRadians({ longitude, latitude, height: 0 });
}

/** Reports what the user should know about the positions of a table. Its rows are all known. */
export function reportPositions(imodel: IModelDb, positions: PositionSurvey, report: Report): void {
  for (const issue of positions.issues) report(issue);
  const { columns, degrees, hasHeights, placed: rows } = positions;
  const distances = degrees === undefined ? undefined : exchangedDistances(imodel, degrees);
  if (distances !== undefined) report(allExchanged(rows, columns, distances));
  const { system, hasUnits } = columns;
  const isUnitOpen = hasUnits !== true && system !== undefined && system.vertical === undefined;
  if (hasHeights && isUnitOpen && !system.isGeographic && system.unit !== 1) report(unitOfHeights(system));
}

/**
 * How far longitudes and latitudes are from what a georeferenced iModel holds, in kilometres: as they are read, and exchanged.
 * Undefined unless that tells that they are exchanged.
 */
function exchangedDistances(imodel: IModelDb, [west, south, east, north]: Bounds): [number, number] | undefined {
  if (!imodel.isGeoLocated) return undefined;
  const [longitude, latitude] = [(west + east) / 2, (south + north) / 2];
  if (Math.abs(longitude) > 90) return undefined;
  const [asRead, exchanged] = [distanceTo(imodel, longitude, latitude), distanceTo(imodel, latitude, longitude)];
  const isExchanged = asRead > suspiciouslyFar && exchanged < nearby;
  return isExchanged ? [Math.round(asRead / 1000), Math.round(exchanged / 1000)] : undefined;
}

/** From what the iModel holds, or from its origin if that is nearer. */
function distanceTo(imodel: IModelDb, longitude: number, latitude: number): number {
  const point = imodel.ecefToSpatial(Cartographic.fromDegrees({ longitude, latitude, height: 0 }).toEcef());
  return Math.min(imodel.projectExtents.distanceToPoint(point), point.magnitude());
}

/** Reports each issue once: several tables of a document say the same of their coordinate system. */
export function onceEach(report: Report): Report {
  const reported = new Set<string>();
  return (issue) => {
    if (reported.has(issue.message)) return;
    reported.add(issue.message);
    report(issue);
  };
}
