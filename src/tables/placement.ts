import type { IModelDb } from "@itwin/core-backend";
import { expectDefined } from "@itwin/core-bentley";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Range3d } from "@itwin/core-geometry";
import type { TableSurvey } from "./survey/tableSurvey.js";

/** Longitudes and latitudes need an iModel that is somewhere: the first ones decide where. */
export function georeference(imodel: IModelDb, surveys: readonly TableSurvey[]): void {
  const range = Range3d.createNull();
  for (const survey of surveys) range.extendRange(survey.range);
  if (!range.isNull && !imodel.isGeoLocated)
    imodel.updateEcefLocation(EcefLocation.createFromCartographicOrigin(centreOnEarth(range)));
}

/** The middle of Earth-centred points, as a place on the Earth, at height zero. */
function centreOnEarth(points: Range3d): Cartographic {
  // The centre of points around the whole Earth can be the centre of the Earth, which has no longitude.
  const centre = Cartographic.fromEcef(points.center) ?? Cartographic.fromEcef(points.high);
  const { longitude, latitude } = expectDefined(centre);
  return Cartographic.fromRadians({ longitude, latitude, height: 0 });
}
