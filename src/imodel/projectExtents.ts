import type { IModelDb } from "@itwin/core-backend";
import { Range3d } from "@itwin/core-geometry";

/** How project extents are fitted. */
export interface ExtentsOptions {
  /** Whether the extents may shrink. If not, they only grow, because other documents are still to come. */
  isExact: boolean;
  /** Whether they stay within `maxHeight` above and below zero. Default: false. */
  clampZExtent?: boolean;
}

/** The height of the highest mountain, in metres. */
const maxHeight = 8849;

/** Fits the project extents to the spatial elements of the iModel, outliers left out. */
export function fitProjectExtents(imodel: IModelDb, { isExact, clampZExtent = false }: ExtentsOptions): void {
  const { extents } = imodel.computeProjectExtents();
  const all = isExact ? extents : extents.union(imodel.projectExtents);
  const fitted = clampZExtent && !all.isNull ? clampZ(all) : all;
  if (!fitted.isNull && !fitted.isAlmostEqual(imodel.projectExtents)) imodel.updateProjectExtents(fitted);
}

function clampZ({ low, high }: Range3d): Range3d {
  const within = (z: number) => Math.min(Math.max(z, -maxHeight), maxHeight);
  return Range3d.createXYZXYZ(low.x, low.y, within(low.z), high.x, high.y, within(high.z));
}
