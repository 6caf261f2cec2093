import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { queryRows, readLabel } from "itwin-connector-framework/internal";
import { DamagedGeometry } from "./DamagedGeometry.js";
import { Elements } from "./Elements.js";
import { readHiddenCategories } from "../elements/hiddenCategories.js";

/** Elements that are shown together: those of the spatial models, or those of a drawing or sheet. */
export interface Layer {
  /** The name of the model, or of what the layer holds. */
  readonly name: string;
  /** Whether the elements lie in the plane of a drawing or sheet, which has coordinates of its own. */
  readonly is2d: boolean;
  /** Whether the default view of the iModel does not show the categories of the elements. */
  readonly isHidden: boolean;
  readonly elements: Elements;
}

/**
 * Which elements are exported.
 * @public
 */
export interface ElementFilter {
  /** Names of categories. Default: all. */
  readonly categories?: readonly string[];
  /** Names of classes, such as `BisCore:PhysicalElement`; their subclasses count. Default: all. */
  readonly classes?: readonly string[];
  /** Ids of elements. Default: all. */
  readonly ids?: ReadonlySet<Id64String>;
  /** Leaves out the categories that the default view of the iModel does not show. */
  readonly visibleOnly?: boolean;
}

const columns3d = `
  e.ECInstanceId, ifnull(e.Origin.X,0)+(e.BBoxLow.X+e.BBoxHigh.X)/2, ifnull(e.Origin.Y,0)+(e.BBoxLow.Y+e.BBoxHigh.Y)/2,
  ifnull(e.Origin.Z,0)+(e.BBoxLow.Z+e.BBoxHigh.Z)/2,
  GREATEST(e.BBoxHigh.X-e.BBoxLow.X, e.BBoxHigh.Y-e.BBoxLow.Y, e.BBoxHigh.Z-e.BBoxLow.Z),
  iif(ifnull(e.Yaw,0)=0 AND ifnull(e.Pitch,0)=0 AND ifnull(e.Roll,0)=0, 0, 1),
  ifnull(e.Yaw,0), ifnull(e.Pitch,0), ifnull(e.Roll,0),
  (e.BBoxLow.X+e.BBoxHigh.X)/2, (e.BBoxLow.Y+e.BBoxHigh.Y)/2, (e.BBoxLow.Z+e.BBoxHigh.Z)/2`;

const columns2d = `
  e.ECInstanceId, ifnull(e.Origin.X,0)+(e.BBoxLow.X+e.BBoxHigh.X)/2, ifnull(e.Origin.Y,0)+(e.BBoxLow.Y+e.BBoxHigh.Y)/2, 0.0,
  GREATEST(e.BBoxHigh.X-e.BBoxLow.X, e.BBoxHigh.Y-e.BBoxLow.Y), iif(ifnull(e.Rotation,0)=0, 0, 1), ifnull(e.Rotation,0), 0.0, 0.0,
  (e.BBoxLow.X+e.BBoxHigh.X)/2, (e.BBoxLow.Y+e.BBoxHigh.Y)/2, 0.0`;

/** Tells which elements of a layer are taken. */
type Accepts = (id: Id64String) => boolean;

/** The layers of an iModel, and the elements that they lack. */
export interface FoundLayers {
  readonly layers: readonly Layer[];
  /** Elements whose geometry cannot be read. */
  readonly damaged: readonly Id64String[];
}

/**
 * Reads which elements have geometry, by layer. Templates are left out: they are not at a place.
 * Layers without elements are left out.
 */
export function readLayers(imodel: IModelDb, filter: ElementFilter = {}): FoundLayers {
  const geometry = new DamagedGeometry(imodel);
  const damaged: Id64String[] = [];
  const accepts = (id: Id64String) => {
    if (filter.ids?.has(id) === false) return false;
    if (geometry.has(id)) damaged.push(id);
    return damaged.at(-1) !== id;
  };
  const layers = [...spatialLayers(imodel, filter, accepts), ...drawingLayers(imodel, filter, accepts)];
  return { layers: layers.filter(({ elements }) => elements.ids.length > 0), damaged };
}

function spatialLayers(imodel: IModelDb, filter: ElementFilter, accepts: Accepts): Layer[] {
  const hidden = readHiddenCategories(imodel);
  const among = `(${hidden.join(",")})`;
  const layer = (name: string, isHidden: boolean, condition: string): Layer => {
    const ecsql = `SELECT ${columns3d} FROM ${from("bis.GeometricElement3d", filter)} ${condition}`;
    return { name, is2d: false, isHidden, elements: new Elements(imodel, ecsql, accepts) };
  };
  if (hidden.length === 0) return [layer("3D", false, "")];
  const visible = layer("3D", false, `AND e.Category.Id NOT IN ${among}`);
  if (filter.visibleOnly === true) return [visible];
  return [visible, layer("3D, not shown by the default view", true, `AND e.Category.Id IN ${among}`)];
}

function drawingLayers(imodel: IModelDb, filter: ElementFilter, accepts: Accepts): Layer[] {
  const models = queryRows(imodel, "SELECT ECInstanceId FROM bis.GeometricModel2d", [], (row) => row.getValueId(0));
  return models.map((id) => ({
    name: readLabel(imodel, id) ?? id,
    is2d: true,
    isHidden: false,
    elements: new Elements(
      imodel,
      `SELECT ${columns2d} FROM ${from("bis.GeometricElement2d", filter)} AND e.Model.Id=${id}`,
      accepts,
    ),
  }));
}

/** The part of a query from FROM on, with all conditions that hold for every layer. */
function from(className: string, { categories, classes }: ElementFilter): string {
  const conditions = ["e.GeometryStream IS NOT NULL", "m.IsTemplate IS NOT TRUE"];
  if (categories !== undefined) conditions.push(`e.Category.Id IN (${selectCategories(categories)})`);
  if (classes !== undefined) conditions.push(`e.ECClassId IS (${classes.map(quotedClass).join(", ")})`);
  return `${className} e JOIN bis.GeometricModel m ON m.ECInstanceId=e.Model.Id WHERE ${conditions.join(" AND ")}`;
}

function selectCategories(names: readonly string[]): string {
  return `SELECT ECInstanceId FROM bis.Category WHERE CodeValue IN (${names.map(quotedText).join(",")})`;
}

function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quotedClass(name: string): string {
  return name
    .split(/[:.]/)
    .map((part) => `[${part.replaceAll("]", "")}]`)
    .join(".");
}
