import type { IModelDb } from "@itwin/core-backend";
import { GeographicCRS } from "@itwin/core-common";
import { Point3d } from "@itwin/core-geometry";
import type { CoordinateSystem } from "../CoordinateSystem.js";
import type { Seat } from "./MapPlane.js";

/**
 * Tells the platform the coordinate system of a new iModel, if it is one of the EPSG Dataset, so that other iTwin tools show
 * its coordinates: they are those of the iModel less the global origin.
 *
 * The system is given by its code alone. The platform keeps it if it has its dictionaries of coordinate systems, and drops it
 * otherwise. A description in full would be kept always, but then the platform takes the location on the Earth from it too, and
 * a reader without the dictionaries would find none. The platform knows no rotation or scale between an iModel and its map, so
 * that an iModel with one gets only its location on the Earth.
 */
export function writeGcs(imodel: IModelDb, system: CoordinateSystem, { origin, rotation, scale, height }: Seat): void {
  if (system.code === undefined || system.isGeographic || rotation !== 0 || scale !== 1) return;
  const heights = system.vertical === undefined || system.vertical.isEllipsoidal ? "ELLIPSOID" : "GEOID";
  imodel.geographicCoordinateSystem = new GeographicCRS({
    horizontalCRS: { epsg: system.code },
    verticalCRS: { id: heights },
  });
  imodel.globalOrigin = Point3d.create(-origin[0], -origin[1], -height);
  imodel.updateIModelProps();
}
