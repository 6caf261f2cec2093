import type { IModelDb } from "@itwin/core-backend";
import type { Point3d } from "@itwin/core-geometry";
import { CoordinateSystem, IModelFrame, PointRange, type PlacedDocument } from "itwin-connector-framework/places";

/** East, north and height. */
type Position = readonly [number, number, number];

/**
 * Where positions of a map lie in an iModel, in metres.
 * @param crs - such as "EPSG:25832"
 * @param report - receives what is doubtful
 */
export function placePoints(
  imodel: IModelDb,
  crs: string,
  positions: readonly Position[],
  report: (issue: { code: string; message: string }) => void,
): Point3d[] {
  const range = new PointRange();
  for (const [east, north] of positions) range.add(east, north);
  if (range.bounds === undefined) return [];
  const document: PlacedDocument = { system: CoordinateSystem.read(crs), bounds: range.bounds };
  const placement = IModelFrame.for(imodel, document).place(document);
  for (const { key, message } of placement.notes) report({ code: `places/${key}`, message });
  return positions.map(([east, north, height]) => placement.toPoint([east, north], height));
}
