import { GeometryPart, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { GeometryStreamBuilder, type GeometryPartProps, type GeometryStreamProps } from "@itwin/core-common";
import { Point3d, Sphere } from "@itwin/core-geometry";

const markerName = "Marker";

/** Finds or inserts the marker that all rows with coordinates show: a sphere of the given diameter, in metres. */
export function findOrInsertMarker(imodel: IModelDb, definitionModelId: Id64String, diameter: number): Id64String {
  const code = GeometryPart.createCode(imodel, definitionModelId, markerName);
  const props: GeometryPartProps = {
    classFullName: GeometryPart.classFullName,
    model: definitionModelId,
    code,
    geom: sphere(diameter),
  };
  const id = imodel.elements.queryElementIdByCode(code);
  if (id === undefined) return imodel.elements.insertElement(props);
  const { bbox } = imodel.elements.getElement<GeometryPart>(id);
  if (Math.abs(bbox.xLength() - diameter) > 1e-6 * diameter) imodel.elements.updateElement({ ...props, id });
  return id;
}

function sphere(diameter: number): GeometryStreamProps {
  const builder = new GeometryStreamBuilder();
  builder.appendGeometry(Sphere.createCenterRadius(Point3d.createZero(), diameter / 2));
  return builder.geometryStream;
}
