import type { IModelDb } from "@itwin/core-backend";
import { Cartographic } from "@itwin/core-common";
import type { Point3d, Transform } from "@itwin/core-geometry";
import { ConnectorError } from "itwin-connector-framework";

/** Longitude and latitude in degrees on WGS 84, height above its ellipsoid in metres. */
export type Position = readonly [longitude: number, latitude: number, height: number];

/** Where an iModel lies on the Earth. */
export class GeoFrame {
  private constructor(private readonly _toEcef: Transform) {}

  /**
   * The frame of an iModel: its `ecefLocation`.
   * @throws ConnectorError `viewer/no-place`
   */
  public static of(imodel: IModelDb, file: string): GeoFrame {
    const { ecefLocation } = imodel;
    if (ecefLocation !== undefined) return new GeoFrame(ecefLocation.getTransform());
    throw new ConnectorError("viewer/no-place", "The iModel has no place on the Earth (no ecefLocation).", {
      source: { file },
      advice: "Export it as csv or json, or give its source a coordinate system and run the connector again.",
    });
  }

  /** Where a point of the iModel lies. */
  public positionOf(point: Point3d): Position {
    const { longitudeDegrees, latitudeDegrees, height } =
      Cartographic.fromEcef(this._toEcef.multiplyPoint3d(point)) ?? Cartographic.createZero();
    return [longitudeDegrees, latitudeDegrees, height];
  }
}
