import { expectDefined } from "@itwin/core-bentley";
import type { IModelDb } from "@itwin/core-backend";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Matrix3d, Vector3d, YawPitchRollAngles, type Point3d } from "@itwin/core-geometry";
import type { GeoReference } from "../model/records.js";
import { findProjection } from "./projections.js";

/** Steps along the axes, in metres: long enough for the digits, short enough for the curvature of the Earth. */
const step = 100;

/** Tells the user something, by a key and a message. */
export type Report = (key: string, message: string) => void;

/**
 * Puts an iModel that has no place yet where the file is on the Earth, if that says.
 * @param crs - the projected coordinate system, in place of the one that the file names
 */
export function placeIModel(
  imodel: IModelDb,
  place: GeoReference | undefined,
  crs: string | undefined,
  report: Report,
): void {
  if (place === undefined) return;
  const toEcef = findToEcef(place, crs);
  if (toEcef === undefined)
    report(
      "unknown-crs",
      `The coordinate system "${place.projected}" is not known, so that the iModel has no place on the Earth; the option "crs" can name it as WKT or as a proj4 text.`,
    );
  else imodel.updateEcefLocation(locationOf(place, toEcef));
}

/** The point on the Earth so many metres east and north of the place, in Earth-centred coordinates. */
type ToEcef = (east: number, north: number) => Point3d;

function findToEcef({ projected, origin, height }: GeoReference, crs: string | undefined): ToEcef | undefined {
  if (projected === undefined) return levelAt(cartographicOf(origin, height));
  const toDegrees = findProjection(crs ?? projected);
  return (
    toDegrees && ((east, north) => cartographicOf(toDegrees([origin[0] + east, origin[1] + north]), height).toEcef())
  );
}

/** The plane that touches the Earth at a place. */
function levelAt(place: Cartographic): ToEcef {
  const transform = EcefLocation.createFromCartographicOrigin(place).getTransform();
  return (east, north) => transform.multiplyXYZ(east, north);
}

function locationOf(place: GeoReference, toEcef: ToEcef): EcefLocation {
  const along = (east: number, north: number) =>
    Vector3d.createStartEnd(toEcef(-east, -north), toEcef(east, north)).scale(place.scale / (2 * step));
  const [east, north] = [along(step, 0), along(0, step)];
  const [cos, sin] = [Math.cos(place.rotation), Math.sin(place.rotation)];
  const xVector = Vector3d.createZero().plus2Scaled(east, cos, north, sin);
  const yVector = Vector3d.createZero().plus2Scaled(east, -sin, north, cos);
  const axes = Matrix3d.createColumns(xVector, yVector, expectDefined(xVector.unitCrossProduct(yVector)));
  const [x, y, z] = place.anchor;
  const origin = toEcef(0, 0).minus(axes.multiplyXYZ(x, y, z));
  const rotation = expectDefined(Matrix3d.createRigidFromMatrix3d(axes));
  const orientation = expectDefined(YawPitchRollAngles.createFromMatrix3d(rotation));
  return new EcefLocation({ origin, orientation, cartographicOrigin: Cartographic.fromEcef(origin), xVector, yVector });
}

function cartographicOf([longitude, latitude]: readonly [number, number], height: number): Cartographic {
  return Cartographic.fromDegrees({ longitude, latitude, height });
}
