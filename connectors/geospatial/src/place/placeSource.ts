import type { IModelDb } from "@itwin/core-backend";
import { Point3d } from "@itwin/core-geometry";
import { basename } from "node:path";
import {
  CoordinateSystem,
  GridFolder,
  IModelFrame,
  withSource,
  type Placement,
  type PointRange,
} from "itwin-connector-framework/places";
import { metresPerUnit, type LengthUnit, type SourceErrors } from "itwin-connector-framework/tables";
import type { FeatureSource, Position } from "../source/Feature.js";
import type { GeospatialOptions } from "../source/geospatialOptions.js";

/** How the positions of a source become points in the iModel. */
export interface Place {
  /** What tells it from others: elements are written again under another one. */
  readonly key: string;
  /** Reports what is known only after the last point. */
  finish(): void;
  /** A point in the iModel, in metres. */
  toPoint(position: Position): Point3d;
}

const localInPlace =
  'The coordinates are "local", but the iModel has a place on the Earth: they are taken for those of the iModel.';

/** A coordinate system, or undefined for coordinates that are nowhere on the Earth. */
export interface NamedSystem {
  readonly system: CoordinateSystem | undefined;
  readonly grids: GridFolder | undefined;
}

/**
 * The coordinate system of a source: what the option "crs" says, else what its files say.
 * @throws ConnectorError `geospatial/no-crs`, and what {@link CoordinateSystem.read} throws
 */
export function readSystem(
  source: FeatureSource,
  { crs, allowUnknownDatum }: GeospatialOptions,
  { path, errors, gridFolder }: { path: string; errors: SourceErrors; gridFolder: string | undefined },
): NamedSystem {
  const grids = gridFolder === undefined ? undefined : new GridFolder(gridFolder);
  const text = crs ?? source.crs;
  if (text === undefined || text === "") throw noCrs(source.range, errors);
  if (text === "local") return { system: undefined, grids };
  const location = crs === undefined ? { file: basename(source.crsFile ?? path) } : {};
  return { system: withSource(location, () => CoordinateSystem.read(text, { grids, allowUnknownDatum })), grids };
}

/** A source that is to be brought to its place. */
export interface PlacedSource {
  /** Around all positions. */
  range: PointRange;
  /** Of coordinates that are nowhere on the Earth. */
  units: LengthUnit;
  path: string;
  report: (code: string, message: string) => void;
}

/**
 * Puts a new iModel where the source is, and leaves one that has a place already; then finds out how positions come into it.
 * What counts is the iModel's frame, not the source, so that a source that grows stays where it is.
 */
export function placeSource(
  imodel: IModelDb,
  { system, grids }: NamedSystem,
  { range, units, path, report }: PlacedSource,
): Place {
  const bounds = system?.isGeographic === true ? range.boundsOnEarth(360 / system.unit) : range.bounds;
  if (system === undefined || bounds === undefined) {
    if (system === undefined && imodel.isGeoLocated) report("places/local", localInPlace);
    return localPlace(metresPerUnit[units]);
  }
  const document = { system, bounds };
  const placement = withSource({ file: path }, () => IModelFrame.for(imodel, document, grids).place(document));
  const reportAll = (notes: Placement["notes"]) => {
    for (const { key, message } of notes) report(`places/${key}`, message);
  };
  reportAll(placement.notes);
  const metresPerUp = heightUnit(system);
  return {
    key: placement.key,
    finish: () => reportAll(placement.lateNotes()),
    toPoint: ([east, north, up = 0]) => placement.toPoint([east, north], up * metresPerUp),
  };
}

/** Heights are in the unit of the vertical system, else in that of the map, and above longitudes and latitudes in metres. */
function heightUnit({ vertical, isGeographic, unit }: CoordinateSystem): number {
  if (vertical !== undefined) return vertical.metresPerUnit * (vertical.isDown ? -1 : 1);
  return isGeographic ? 1 : unit;
}

/** Coordinates that are nowhere on the Earth: they stay as they are, but for their unit. */
function localPlace(metres: number): Place {
  return {
    key: `local ${metres}`,
    finish: () => undefined,
    toPoint: ([east, north, up = 0]) => Point3d.create(east * metres, north * metres, up * metres),
  };
}

function noCrs(range: PointRange, errors: SourceErrors): Error {
  const [west, south, east, north] = range.bounds ?? [Infinity, Infinity, Infinity, Infinity];
  const areDegrees = west >= -180 && east <= 180 && south >= -90 && north <= 90;
  const hint = areDegrees ? 'They may be longitudes and latitudes: "crs": "EPSG:4326". ' : "";
  return errors.make("no-crs", "The .prj file is missing, which says what the coordinates are.", {
    source: {},
    advice: `${hint}Put it beside the .shp, or name the coordinate system with the option "crs": an EPSG code, its name, WKT, a text for PROJ, or "local" for coordinates that are nowhere on the Earth.`,
  });
}
