import {
  CategorySelector,
  DisplayStyle3d,
  ModelSelector,
  SpatialViewDefinition,
  ViewDefinition,
  type IModelDb,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ColorDef, RenderMode, type DisplayStyle3dSettingsProps } from "@itwin/core-common";
import { Range3d, StandardViewIndex } from "@itwin/core-geometry";

/** What a view shows. */
export interface ViewContent {
  /** Unique in its definition model. */
  readonly name: string;
  readonly definitionModelId: Id64String;
  readonly modelId: Id64String;
  /** The categories that are shown. */
  readonly categoryIds: readonly Id64String[];
  /** Those of them that are new in this run. */
  readonly newCategoryIds: readonly Id64String[];
}

/** How the building is shown: shaded, with its edges. */
const style: DisplayStyle3dSettingsProps = {
  viewflags: { renderMode: RenderMode.SmoothShade, visEdges: true, noConstruct: true },
  backgroundColor: ColorDef.create("rgb(244,246,248)").toJSON(),
};

/** The property of the file under which core-backend keeps its default view. */
const defaultView = { namespace: "dgn_View", name: "DefaultView" };

/** A view keeps this share of its size free around what it shows. */
const margin = 0.05;

/**
 * Inserts a view of the whole model and makes it the iModel's default where that has none; categories that come later are
 * added to one that is there. It follows a model that has moved out of it. Whatever else someone changes in it stays.
 */
export function writeView(imodel: IModelDb, content: ViewContent): void {
  const { definitionModelId, name } = content;
  const selectorCode = CategorySelector.createCode(imodel, definitionModelId, name);
  const selectorId = imodel.elements.queryElementIdByCode(selectorCode);
  if (selectorId === undefined) insertView(imodel, content);
  else {
    addCategories(imodel, selectorId, content.newCategoryIds);
    followModel(imodel, content);
  }
}

/** Shows the model again where nothing of it is left in the view, such as when the file has got another place on the Earth. */
function followModel(imodel: IModelDb, { name, definitionModelId, modelId }: ViewContent): void {
  const extents = extentsWithMargin(imodel, modelId);
  const viewId = imodel.elements.queryElementIdByCode(ViewDefinition.createCode(imodel, definitionModelId, name));
  const view = viewId === undefined ? undefined : imodel.elements.getElement<SpatialViewDefinition>(viewId);
  if (extents.isNull || view === undefined || shownBy(view).intersectsRange(extents)) return;
  const { modelSelectorId, categorySelectorId, displayStyleId } = view;
  const fitted = SpatialViewDefinition.createWithCamera(
    imodel,
    definitionModelId,
    name,
    modelSelectorId,
    categorySelectorId,
    displayStyleId,
    extents,
    StandardViewIndex.Iso,
  );
  const { origin, extents: size, angles, cameraOn, camera } = fitted;
  Object.assign(view, { origin, extents: size, angles, cameraOn, camera });
  view.update();
}

/** The box that a view shows, along the axes of the iModel. */
function shownBy({ origin, extents, angles }: SpatialViewDefinition): Range3d {
  const axes = angles.toMatrix3d().transpose();
  const corners = Range3d.createXYZXYZ(0, 0, 0, extents.x, extents.y, extents.z).corners();
  return Range3d.createArray(corners.map((corner) => origin.plus(axes.multiplyPoint(corner))));
}

function insertView(imodel: IModelDb, { name, definitionModelId, modelId, categoryIds }: ViewContent): void {
  const extents = extentsWithMargin(imodel, modelId);
  if (extents.isNull) return; // there is nothing to look at
  const viewId = SpatialViewDefinition.insertWithCamera(
    imodel,
    definitionModelId,
    name,
    ModelSelector.insert(imodel, definitionModelId, name, [modelId]),
    CategorySelector.insert(imodel, definitionModelId, name, [...categoryIds]),
    DisplayStyle3d.insert(imodel, definitionModelId, name, style),
    extents,
    StandardViewIndex.Iso,
  );
  if (imodel.queryFilePropertyBlob(defaultView) === undefined) imodel.views.setDefaultViewId(viewId);
}

function extentsWithMargin(imodel: IModelDb, modelId: Id64String): Range3d {
  const extents = readExtents(imodel, modelId);
  if (!extents.isNull) extents.expandInPlace(margin * extents.diagonal().magnitude());
  return extents;
}

/** Around all geometry of a model, also what the run has not saved yet. */
function readExtents(imodel: IModelDb, modelId: Id64String): Range3d {
  const ecsql = `
    SELECT min(i.MinX), min(i.MinY), min(i.MinZ), max(i.MaxX), max(i.MaxY), max(i.MaxZ) FROM bis.SpatialIndex i
    JOIN bis.SpatialElement e ON e.ECInstanceId=i.ECInstanceId WHERE e.Model.Id=?`;
  return imodel.withPreparedStatement(ecsql, (statement) => {
    statement.bindId(1, modelId);
    statement.step();
    if (statement.getValue(0).isNull) return Range3d.createNull();
    const at = (column: number) => statement.getValue(column).getDouble();
    return Range3d.createXYZXYZ(at(0), at(1), at(2), at(3), at(4), at(5));
  });
}

function addCategories(imodel: IModelDb, selectorId: Id64String, categoryIds: readonly Id64String[]): void {
  if (categoryIds.length === 0) return;
  const selector = imodel.elements.getElement<CategorySelector>(selectorId);
  selector.categories = [...new Set([...selector.categories, ...categoryIds])];
  selector.update();
}
