import { PointRange, type CoordinateSystem } from "itwin-connector-framework/places";
import { eachPosition, featureLists, positionsOf, type FeatureSource } from "../source/Feature.js";

/** Where the features of a source are. */
export interface FoundRange {
  readonly range: PointRange;
  /** The numbers of records with positions outside of the area in which the coordinate system is used. */
  readonly outside: readonly number[];
}

/** The features that decide where a new iModel is. */
export type PlacingFeatures = Pick<FeatureSource, "range" | "features">;

/** The range of some features of a source. */
export async function rangeOf(source: Pick<FeatureSource, "features">): Promise<PointRange> {
  const range = new PointRange();
  for await (const features of featureLists(source))
    for (const { shape } of features)
      if (shape !== undefined) eachPosition(shape, ([east, north]) => range.add(east, north));
  return range;
}

/**
 * The range of the positions in the area of a coordinate system, so that one that is far away by mistake does not decide where
 * the iModel is. The features are read for it only if not all are in the area.
 */
export async function rangeInside(source: PlacingFeatures, system: CoordinateSystem): Promise<FoundRange> {
  const { range: all } = source;
  if (areCornersInside(all, system)) return { range: all, outside: [] };
  const range = new PointRange();
  const outside: number[] = [];
  for await (const features of featureLists(source))
    for (const { number, shape } of features) {
      let isOutside = false;
      for (const [east, north] of shape === undefined ? [] : positionsOf(shape))
        if (system.isUsedAt([east, north])) range.add(east, north);
        else isOutside = true;
      if (isOutside) outside.push(number);
    }
  return range.isEmpty ? { range: all, outside: [] } : { range, outside };
}

function areCornersInside({ bounds }: PointRange, system: CoordinateSystem): boolean {
  if (bounds === undefined) return true;
  const [west, south, east, north] = bounds;
  return ([[west, south], [west, north], [east, south], [east, north]] as const).every((corner) => system.isUsedAt(corner)); // prettier-ignore
}
