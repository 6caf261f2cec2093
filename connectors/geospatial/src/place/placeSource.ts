import { expectDefined } from "@itwin/core-bentley";
import type { IModelDb } from "@itwin/core-backend";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Matrix3d, Point3d, Vector3d } from "@itwin/core-geometry";
import { metresPerUnit, type LengthUnit, type SourceErrors } from "itwin-connector-framework/tables";
import proj4 from "proj4";
import type { FeatureSource, Position } from "../source/Feature.js";
import type { Crs } from "./Crs.js";
import { localFrame, planeFrame, type Frame } from "./Frame.js";

/** A source that is to be brought to its place. */
export interface PlacedSource {
  crs: Crs;
  extent: FeatureSource["extent"];
  /** Of coordinates that are nowhere on the Earth. */
  units: LengthUnit;
  errors: SourceErrors;
  report: (key: string, message: string) => void;
}

/** A coordinate system on the Earth. */
type Projection = NonNullable<Crs["projection"]>;

type Extent = NonNullable<FeatureSource["extent"]>;

/** Metres east and north, in a plane. */
interface Plane {
  toPlane(position: Position): [number, number];
  fromDegrees(degrees: readonly [number, number]): [number, number];
  toDegrees(metres: readonly [number, number]): readonly [number, number];
}

/** From the iModel's origin, in metres; farther away the plane and the Earth part by more than 800 m in height. */
const near = 100_000;

/** A step along the axes, in metres: long enough for the digits, short enough for the curvature. */
const step = 100;

/**
 * Puts a new iModel where the source is, and leaves one that has a place already; then finds out how positions come
 * into it. What counts is the iModel's origin, not the source, so that a source that grows stays where it is.
 */
export function placeSource(imodel: IModelDb, source: PlacedSource): Frame {
  const { crs, extent } = source;
  const { projection } = crs;
  if (projection === undefined || extent === undefined) return localFrame(metresPerUnit[source.units]);
  const centre = centreOf(projection, extent, source.errors);
  if (!imodel.isGeoLocated) imodel.updateEcefLocation(locationAt(planeOf(projection, centre), centre));
  const frame = frameIn(imodel, crs.key, projection);
  reportDistance(frame, extent, source.report);
  return frame;
}

/** The plane that a projected system is; for longitudes and latitudes one around a place, in which areas are true. */
function planeOf(projection: Projection, [longitude, latitude]: readonly [number, number]): Plane {
  const { isGeographic, metresPerUnit: metres } = projection;
  if (!isGeographic)
    return {
      toPlane: ([east, north]) => [east * metres, north * metres],
      fromDegrees: (degrees) =>
        projection.fromDegrees(degrees).map((coordinate) => coordinate * metres) as [number, number],
      toDegrees: ([east, north]) => projection.toDegrees([east / metres, north / metres]),
    };
  const around = proj4(
    "WGS84",
    `+proj=laea +lat_0=${latitude} +lon_0=${longitude} +x_0=0 +y_0=0 +datum=WGS84 +units=m`,
  );
  return {
    toPlane: ([east, north]) => around.forward<[number, number]>(projection.toDegrees([east, north])),
    fromDegrees: (degrees) => around.forward<[number, number]>([...degrees]),
    toDegrees: (metresAround) => around.inverse<[number, number]>([...metresAround]),
  };
}

/** An iModel's location whose x and y are the east and north of a plane, with their scale. */
function locationAt(plane: Plane, degrees: readonly [number, number]): EcefLocation {
  const cartographicOrigin = cartographicOf(degrees);
  const { origin, orientation } = EcefLocation.createFromCartographicOrigin(cartographicOrigin);
  const [xVector, yVector] = axesOnEarth(plane, plane.fromDegrees(degrees));
  return new EcefLocation({ origin, orientation, cartographicOrigin, xVector, yVector });
}

/** East and north of a plane as Earth-centred vectors. */
function axesOnEarth(plane: Plane, [east, north]: readonly [number, number]): [Vector3d, Vector3d] {
  const at = (e: number, n: number) => cartographicOf(plane.toDegrees([east + e, north + n])).toEcef();
  const along = (e: number, n: number) => Vector3d.createStartEnd(at(-e, -n), at(e, n)).scale(1 / (2 * step));
  return [along(step, 0), along(0, step)];
}

function frameIn(imodel: IModelDb, key: string, projection: Projection): Frame {
  const degrees = originOf(imodel);
  const plane = planeOf(projection, degrees);
  const metres = plane.fromDegrees(degrees);
  const toSpatial = expectDefined(imodel.ecefLocation?.getTransform().inverse()).matrix;
  const [east, north] = axesOnEarth(plane, metres);
  const [x, y] = [toSpatial.multiplyVector(east), toSpatial.multiplyVector(north)];
  return planeFrame(key, {
    origin: Point3d.create(metres[0], metres[1]),
    axes: Matrix3d.createColumns(x, y, expectDefined(x.unitCrossProduct(y))),
    toPlane: (position) => plane.toPlane(position),
    metresPerUp: projection.metresPerUnit,
  });
}

function originOf(imodel: IModelDb): [number, number] {
  const origin = Cartographic.fromEcef(imodel.spatialToEcef(Point3d.createZero()));
  const { longitudeDegrees, latitudeDegrees } = expectDefined(origin);
  return [longitudeDegrees, latitudeDegrees];
}

function cartographicOf([longitude, latitude]: readonly [number, number]): Cartographic {
  return Cartographic.fromDegrees({ longitude, latitude, height: 0 });
}

function centreOf(projection: Projection, [west, south, east, north]: Extent, errors: SourceErrors): [number, number] {
  const centre = projection.toDegrees([(west + east) / 2, (south + north) / 2]);
  const [longitude, latitude] = centre;
  if (Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90) return centre;
  throw errors.make("out-of-range", "The coordinates do not lie on the Earth in their coordinate system.", {
    source: {},
    advice: 'See whether the .prj belongs to the file, or name the coordinate system with the option "crs".',
  });
}

function reportDistance(frame: Frame, [west, south, east, north]: Extent, report: PlacedSource["report"]): void {
  const corners = [[west, south], [west, north], [east, south], [east, north]] as const; // prettier-ignore
  const farthest = Math.max(...corners.map((corner) => frame.toPoint(corner).magnitude()));
  if (!(farthest <= near))
    report(
      "far",
      `The source reaches ${Math.round(farthest / 1000)} km from the iModel's origin, where its plane and the Earth part.`,
    );
}
