import { SpatialViewDefinition, type IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import { queryIds } from "itwin-connector-framework/internal";

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

function idOf(bytes: Uint8Array): Id64String {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Id64.fromUint32Pair(view.getUint32(0, true), view.getUint32(4, true));
}
