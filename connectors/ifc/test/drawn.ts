import {
  GeometryStreamIterator,
  Placement3d,
  type GeometryStreamProps,
  type PhysicalElementProps,
} from "@itwin/core-common";
import { CurvePrimitive, Point3d, PointString3d, type GeometryQuery } from "@itwin/core-geometry";
import { query } from "../../../test/support/iModels.js";
import type { IfcTimeline } from "./support.js";

/** What an element shows beside meshes: its primitives in the world, and the names of their subcategories. */
export interface Drawn {
  readonly shapes: GeometryQuery[];
  readonly texts: string[];
  readonly subCategories: string[];
  readonly origin: number[];
}

/** Reads what an element shows, by its label. */
export function drawn(timeline: IfcTimeline, name: string): Drawn {
  return timeline.read((imodel) => {
    const [row] = query(imodel, `SELECT ECInstanceId id FROM bis.GeometricElement3d WHERE UserLabel='${name}'`);
    const element = imodel.elements.getElementProps<PhysicalElementProps & { geom?: GeometryStreamProps }>({ id: row!.id as string, wantGeometry: true }); // prettier-ignore
    const found: Drawn = { shapes: [], texts: [], subCategories: [], origin: [] };
    const { x, y, z } = Point3d.fromJSON(element.placement?.origin);
    found.origin.push(x, y, z);
    if (element.geom === undefined) return found;
    for (const { textString } of element.geom) if (textString !== undefined) found.texts.push(textString.text);
    const iterator = GeometryStreamIterator.fromGeometricElement3d(element);
    const toWorld = Placement3d.fromJSON(element.placement).transform;
    for (const { primitive, geomParams } of iterator) {
      const sub = imodel.elements.getElementProps(geomParams.subCategoryId).code.value!;
      if (!found.subCategories.includes(sub)) found.subCategories.push(sub);
      if (primitive.type === "geometryQuery") found.shapes.push(primitive.geometry.cloneTransformed(toWorld)!); // prettier-ignore
    }
    return found;
  });
}

/** The ends and the length of the curves, to a tenth of a millimetre. */
export function curves({ shapes }: Drawn): (number | number[])[][] {
  const round = (value: number) => Math.round(value * 1e4) / 1e4 + 0;
  return shapes
    .filter((shape): shape is CurvePrimitive => shape instanceof CurvePrimitive && !(shape instanceof PointString3d))
    .map((curve) => {
      const ends = [curve.startPoint(), curve.endPoint()].map(({ x, y, z }) => [x, y, z].map(round));
      return [...ends, round(curve.curveLength())];
    });
}
