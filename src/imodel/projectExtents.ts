import type { IModelDb } from "@itwin/core-backend";

/**
 * Fits the project extents to the spatial elements of the iModel, outliers left out.
 * @param exact whether the extents may shrink; if not, they only grow, because other documents are still to come
 */
export function fitProjectExtents(imodel: IModelDb, exact: boolean): void {
  const { extents } = imodel.computeProjectExtents();
  const fitted = exact ? extents : extents.union(imodel.projectExtents);
  if (!fitted.isNull && !fitted.isAlmostEqual(imodel.projectExtents)) imodel.updateProjectExtents(fitted);
}
