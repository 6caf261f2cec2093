import type { Id64String } from "@itwin/core-bentley";
import { GeometryStreamBuilder, type GeometryStreamProps, type Placement3dProps } from "@itwin/core-common";
import { LineString3d, Loop, ParityRegion, Point3d, type AnyRegion } from "@itwin/core-geometry";
import { positionsOf, type Polygon, type Position, type Shape } from "./source/Feature.js";
import type { Frame } from "./place/Frame.js";

/** The iModel takes elements up to 80,150 km from its origin. */
const farthest = 8e7;

/**
 * The geometry of a shape: markers for points, line strings, and regions for polygons. Its placement is at its first
 * position, so that the numbers in it are small.
 */
export function geometryOf(
  shape: Shape,
  frame: Frame,
  markerId: Id64String,
): { geom?: GeometryStreamProps; placement?: Placement3dProps } {
  const [first] = positionsOf(shape);
  if (first === undefined) return {};
  const origin = frame.toPoint(first);
  const toLocal = (position: Position) => {
    const point = frame.toPoint(position);
    if (!(point.maxAbs() <= farthest)) throw new RangeError("too far from the iModel's origin");
    return Point3d.create(point.x - origin.x, point.y - origin.y, point.z - origin.z);
  };
  const builder = new GeometryStreamBuilder();
  for (const point of shape.points) builder.appendGeometryPart3d(markerId, toLocal(point));
  for (const line of shape.lines) if (line.length > 1) builder.appendGeometry(LineString3d.create(line.map(toLocal)));
  for (const polygon of shape.polygons) {
    const region = regionOf(polygon, toLocal);
    if (region !== undefined) builder.appendGeometry(region);
  }
  return builder.geometryStream.length === 0 ? {} : { geom: builder.geometryStream, placement: { origin, angles: {} } };
}

/** The ring around a polygon goes counterclockwise, and those around its holes clockwise. */
function regionOf(polygon: Polygon, toLocal: (position: Position) => Point3d): AnyRegion | undefined {
  const rings = polygon.map((ring) => close(ring.map(toLocal))).filter((ring) => areaOf(ring) !== 0);
  const height = Math.min(...rings.flatMap((ring) => ring.map(({ z }) => z)));
  const [outer, ...holes] = rings.map((ring, index) => {
    for (const point of ring) point.z = height; // a region is flat
    return Loop.create(LineString3d.create(areaOf(ring) > 0 === (index === 0) ? ring : ring.reverse()));
  });
  if (outer === undefined) return undefined;
  return holes.length === 0 ? outer : ParityRegion.create(outer, ...holes);
}

function close(ring: Point3d[]): Point3d[] {
  const [first, last] = [ring[0], ring.at(-1)];
  if (first !== undefined && last !== undefined && !first.isExactEqual(last)) ring.push(first.clone());
  return ring;
}

/** In the plane of x and y; above zero where the ring goes counterclockwise. */
function areaOf(ring: Point3d[]): number {
  let sum = 0;
  let start: Point3d | undefined;
  for (const end of ring) {
    if (start !== undefined) sum += start.x * end.y - end.x * start.y;
    start = end;
  }
  return sum / 2;
}
