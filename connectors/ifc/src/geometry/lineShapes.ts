import { TextString, type ElementGeometry, type FontId } from "@itwin/core-common";
import {
  Arc3d,
  BSplineCurve3d,
  BSplineCurve3dH,
  AngleSweep,
  LineString3d,
  Loop,
  Matrix3d,
  ParityRegion,
  Point3d,
  Point4d,
  PointString3d,
  Transform,
  Vector3d,
  YawPitchRollAngles,
  type GeometryQuery,
} from "@itwin/core-geometry";
import type { LineItem } from "../model/records.js";
import type { Vector } from "../curves/vectors.js";

/** A face whose points are farther than this from a plane, in metres, is shown by its outline. */
const flatness = 1e-3;

/**
 * Adds an item to the geometry of an element.
 * @param transform - where its points go
 * @param font - the font of texts
 */
export function appendLine(
  builder: ElementGeometry.Builder,
  item: LineItem,
  { transform, font }: { transform: Transform; font: FontId | undefined },
): void {
  if (item.kind === "text") {
    if (font !== undefined) builder.appendTextString(textOf(item, transform, font));
    return;
  }
  for (const shape of shapesOf(item)) {
    const moved = shape.cloneTransformed(transform);
    if (moved !== undefined) builder.appendGeometryQuery(moved);
  }
}

function shapesOf(item: Exclude<LineItem, { kind: "text" }>): GeometryQuery[] {
  switch (item.kind) {
    case "points":
      return [PointString3d.createPoints(item.points.map(pointOf))];
    case "line":
      return [LineString3d.createPoints(item.points.map(pointOf))];
    case "arc":
      return [arcOf(item)];
    case "spline":
      return [splineOf(item)];
    case "face":
      return faceOf(item.loops);
  }
}

function arcOf({ center, x, y, start, sweep }: Extract<LineItem, { kind: "arc" }>): Arc3d {
  return Arc3d.create(
    pointOf(center),
    Vector3d.create(...x),
    Vector3d.create(...y),
    AngleSweep.createStartSweepRadians(start, sweep),
  );
}

function splineOf({ degree, poles, weights, knots }: Extract<LineItem, { kind: "spline" }>): GeometryQuery {
  // The platform leaves out the first and the last knot.
  const inner = knots.slice(1, -1);
  const curve =
    weights === undefined
      ? BSplineCurve3d.create(poles.map(pointOf), inner, degree + 1)
      : BSplineCurve3dH.create(
          poles.map(([px, py, pz], index) => {
            const weight = weights[index] ?? 1;
            return Point4d.create(px * weight, py * weight, pz * weight, weight);
          }),
          inner,
          degree + 1,
        );
  return curve ?? LineString3d.createPoints(poles.map(pointOf));
}

/** A region with holes, or outlines. */
function faceOf(loops: readonly (readonly Vector[])[]): GeometryQuery[] {
  const outlines = loops.map((loop) => LineString3d.createPoints(loop.map(pointOf)));
  if (!isFlat(loops.flat())) return outlines;
  const regions = outlines.map((outline) => Loop.create(outline));
  const [outer] = regions;
  if (outer === undefined) return [];
  return regions.length === 1 ? [outer] : [ParityRegion.create(...regions)];
}

function isFlat(points: readonly Vector[]): boolean {
  const all = points.map(pointOf);
  const [origin] = all;
  if (origin === undefined) return false;
  const normals = all.slice(2).map((point, index) => origin.crossProductToPoints(all[index + 1] ?? origin, point));
  const normal = normals.reduce<Vector3d | undefined>((longest, own) => (longest !== undefined && longest.magnitude() >= own.magnitude() ? longest : own), undefined)?.normalize(); // prettier-ignore
  return normal !== undefined && all.every((point) => Math.abs(origin.vectorTo(point).dotProduct(normal)) < flatness);
}

function textOf(
  { text, height, axes }: Extract<LineItem, { kind: "text" }>,
  transform: Transform,
  font: FontId,
): TextString {
  const [x, y, z] = [axes.x, axes.y, axes.z].map((axis) => Vector3d.create(...axis)) as [Vector3d, Vector3d, Vector3d];
  const own = Transform.createOriginAndMatrix(pointOf(axes.origin), Matrix3d.createColumns(x, y, z));
  const placed = transform.multiplyTransformTransform(own);
  const factors = placed.matrix.factorRigidWithSignedScale();
  const rotation = factors === undefined ? undefined : YawPitchRollAngles.createFromMatrix3d(factors.rigidAxes);
  return new TextString({
    text,
    font,
    height: height * Math.abs(factors?.scale ?? 1),
    origin: placed.getOrigin(),
    rotation: rotation ?? new YawPitchRollAngles(),
  });
}

function pointOf([x, y, z]: Vector): Point3d {
  return Point3d.create(x, y, z);
}
