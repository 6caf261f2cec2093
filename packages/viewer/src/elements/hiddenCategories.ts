import { SpatialViewDefinition, type IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import { eachRow, queryIds } from "itwin-connector-framework/internal";

/** Where an iModel keeps the id of its default view. */
const defaultView = { namespace: "dgn_View", name: "DefaultView" };

/**
 * The categories that the default view of an iModel does not show, such as spaces and openings, which would hide what
 * they lie in. Empty where there is no default view, or one that shows nothing.
 */
export function readHiddenCategories(imodel: IModelDb): Id64String[] {
  const bytes = imodel.queryFilePropertyBlob(defaultView);
  if (bytes?.byteLength !== 8) return [];
  const view = imodel.elements.tryGetElement<SpatialViewDefinition>(idOf(bytes), SpatialViewDefinition);
  if (view === undefined) return [];
  const shown = "SELECT TargetECInstanceId FROM bis.CategorySelectorRefersToCategories WHERE SourceECInstanceId=?";
  if (queryIds(imodel, shown, [view.categorySelectorId]).length === 0) return [];
  const hidden = `SELECT ECInstanceId FROM bis.SpatialCategory WHERE ECInstanceId NOT IN (${shown})`;
  return queryIds(imodel, hidden, [view.categorySelectorId]);
}

/** The subcategories that no view shows unless it says so, such as the axes of walls. */
export function readHiddenSubCategories(imodel: IModelDb): ReadonlySet<Id64String> {
  const hidden = new Set<Id64String>();
  const ecsql = "SELECT ECInstanceId, Properties FROM bis.SubCategory WHERE Properties LIKE '%invisible%'";
  eachRow(imodel, ecsql, [], (row) => {
    const properties = JSON.parse(row.getValueString(1)) as { invisible?: boolean };
    if (properties.invisible === true) hidden.add(row.getValueId(0));
  });
  return hidden;
}

function idOf(bytes: Uint8Array): Id64String {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Id64.fromUint32Pair(view.getUint32(0, true), view.getUint32(4, true));
}
