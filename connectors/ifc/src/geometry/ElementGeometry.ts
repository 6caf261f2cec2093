import { expectDefined, type Id64String } from "@itwin/core-bentley";
import {
  ColorDef,
  ElementGeometry,
  GeometryParams,
  type FontId,
  type ElementGeometryBuilderParams,
  type Placement3dProps,
} from "@itwin/core-common";
import { Matrix3d, Point3d, Transform, YawPitchRollAngles } from "@itwin/core-geometry";
import type { EntityDetails, PlacedMesh } from "../model/records.js";
import type { FileTransform } from "../place/FileTransform.js";
import { appendLine } from "./lineShapes.js";
import { polyfaceOf } from "./polyface.js";

/** Two lengths count as equal when they differ by less than this share. */
const tolerance = 1e-6;

/** What shows an element. */
export interface ElementGeometryProps {
  readonly placement: Placement3dProps;
  readonly elementGeometryBuilderParams: ElementGeometryBuilderParams;
}

/** Finds or inserts the GeometryPart of a shared mesh. */
export type PartIdOf = (sharedKey: string, mesh: PlacedMesh) => Id64String;

/** How the parts of an element are shown. */
export interface ElementStyle {
  readonly categoryId: Id64String;
  /** The transparency of meshes to which the file gives no style, from 0 to 1. */
  readonly transparency: number;
  readonly partIdOf: PartIdOf;
  /** Finds or inserts the SubCategory of a representation without a body, by its name. */
  subCategoryIdOf(name: string): Id64String;
  /** The font of texts; undefined where there are no texts. */
  readonly font: FontId | undefined;
}

/**
 * The geometry of an element: its meshes in their colors and its lines in their subcategories, relative to the place that IFC
 * gives the entity. A shared mesh is an instance of its GeometryPart, unless its transform mirrors or distorts it.
 * @param toIModel - how the coordinates of the file become those of the iModel; undefined where they are the same
 * @returns undefined for an entity that shows nothing
 */
export function elementGeometryOf(
  { meshes, lines, placement }: EntityDetails,
  style: ElementStyle,
  toIModel?: FileTransform,
): ElementGeometryProps | undefined {
  if (placement === undefined) return undefined;
  const own = transformOf(placement);
  const place = movedPlace(placeOf(own), toIModel);
  const toElement = expectDefined(transformOfPlace(place).inverse());
  const builder = new ElementGeometry.Builder();
  for (const mesh of meshes) {
    builder.appendGeometryParamsChange(paramsOf(mesh, style));
    const transform = transformOf(mesh.transform);
    const [moved, inShape] = toIModel
      ? [toIModel.moved(transform), toIModel.movedInShape(transform)]
      : [transform, transform];
    const transforms = {
      exact: toElement.multiplyTransformTransform(moved),
      inShape: toElement.multiplyTransformTransform(inShape),
    };
    appendMesh(builder, mesh, transforms, style.partIdOf);
  }
  const transform = toElement.multiplyTransformTransform(toIModel === undefined ? own : toIModel.moved(own));
  for (const { name, items } of lines) {
    builder.appendGeometryParamsChange(new GeometryParams(style.categoryId, style.subCategoryIdOf(name)));
    for (const item of items) appendLine(builder, item, { transform, font: style.font });
  }
  return {
    placement: { origin: place.origin, angles: place.angles },
    elementGeometryBuilderParams: { entryArray: builder.entries },
  };
}

function appendMesh(
  builder: ElementGeometry.Builder,
  mesh: PlacedMesh,
  { exact, inShape }: MeshTransforms,
  partIdOf: PartIdOf,
): void {
  const { sharedKey } = mesh;
  const instance = sharedKey === undefined ? undefined : instanceOf(inShape);
  if (sharedKey === undefined || instance === undefined) builder.appendGeometryQuery(polyfaceOf(mesh, exact));
  else builder.appendGeometryPart3d(partIdOf(sharedKey, mesh), inShape.getOrigin(), instance.angles, instance.scale);
}

/** Where a mesh goes in its element: exactly, and as an instance of a part, whose scale is the same in all directions. */
interface MeshTransforms {
  readonly exact: Transform;
  readonly inShape: Transform;
}

/** The color of a material, and its transparency. The platform would multiply that of the category, which has none. */
function paramsOf({ color, isStyled }: PlacedMesh, { categoryId, transparency }: ElementStyle): GeometryParams {
  const params = new GeometryParams(categoryId);
  if (!isStyled && transparency > 0) {
    params.elmTransparency = transparency;
    return params;
  }
  const [red, green, blue, opacity] = color;
  params.lineColor = ColorDef.from(toByte(red), toByte(green), toByte(blue));
  params.fillColor = params.lineColor;
  params.elmTransparency = 1 - Math.min(Math.max(opacity, 0), 1);
  return params;
}

function toByte(share: number): number {
  return Math.round(Math.min(Math.max(share, 0), 1) * 255);
}

/** A placement is a rotation and a translation. */
function placeOf(placement: Transform): Place {
  return rigidOf(placement) ?? { origin: placement.getOrigin(), angles: new YawPitchRollAngles() };
}

interface Place {
  readonly origin: Point3d;
  readonly angles: YawPitchRollAngles;
}

function transformOfPlace({ origin, angles }: Place): Transform {
  return Transform.createOriginAndMatrix(origin, angles.toMatrix3d());
}

function movedPlace(place: Place, toIModel: FileTransform | undefined): Place {
  if (toIModel === undefined) return place;
  const moved = toIModel.movedPlacement(transformOfPlace(place));
  return { origin: moved.getOrigin(), angles: expectDefined(YawPitchRollAngles.createFromMatrix3d(moved.matrix)) };
}

function rigidOf(transform: Transform): Place | undefined {
  const instance = instanceOf(transform);
  if (instance === undefined || Math.abs(instance.scale - 1) > tolerance) return undefined;
  return { origin: transform.getOrigin(), angles: instance.angles };
}

/** A rotation and a uniform scale; undefined for a transform that is more. */
function instanceOf(transform: Transform): { angles: YawPitchRollAngles; scale: number } | undefined {
  const factors = transform.matrix.factorRigidWithSignedScale();
  if (factors === undefined || !(factors.scale > 0)) return undefined;
  const angles = YawPitchRollAngles.createFromMatrix3d(factors.rigidAxes);
  const scale = Math.abs(factors.scale - 1) < tolerance ? 1 : factors.scale;
  return angles === undefined ? undefined : { angles, scale };
}

function transformOf(rows: readonly number[]): Transform {
  const [a, b, c, x, d, e, f, y, g, h, i, z] = rows as [number, number, number, number, number, number, number, number, number, number, number, number]; // prettier-ignore
  return Transform.createOriginAndMatrix(Point3d.create(x, y, z), Matrix3d.createRowValues(a, b, c, d, e, f, g, h, i));
}
