import type { Id64String } from "@itwin/core-bentley";
import { GeometryStreamBuilder, type GeometryStreamProps, type Placement3dProps } from "@itwin/core-common";
import {
  LineString3d,
  Loop,
  ParityRegion,
  Point3d,
  PolyfaceBuilder,
  StrokeOptions,
  type AnyRegion,
  type IndexedPolyface,
} from "@itwin/core-geometry";
import { positionsOf, type Polygon, type Position, type Shape } from "./source/Feature.js";
import type { Place } from "./place/placeSource.js";

/** More corners take minutes to be divided into triangles. */
const mostCorners = 5000;

/** A polygon whose corners differ more in height, in metres, is no flat region. */
const flatness = 0.001;

/** The iModel takes elements up to 80,150 km from its origin. */
const farthest = 8e7;

/**
 * The geometry of a shape: markers for points, line strings, and regions for polygons, or meshes where they are not flat. Its
 * placement is at its first position, so that the numbers in it are small.
 * @returns `outlines`: how many polygons are drawn as their outlines, because no surface can be laid through their corners
 */
export function geometryOf(
  shape: Shape,
  place: Place,
  markerId: Id64String,
): { geom?: GeometryStreamProps; placement?: Placement3dProps; outlines: number } {
  const [first] = positionsOf(shape);
  if (first === undefined) return { outlines: 0 };
  const origin = place.toPoint(first);
  const toLocal = (position: Position) => {
    const point = place.toPoint(position);
    if (!(point.maxAbs() <= farthest)) throw new RangeError("too far from the iModel's origin");
    return Point3d.create(point.x - origin.x, point.y - origin.y, point.z - origin.z);
  };
  const builder = new GeometryStreamBuilder();
  for (const point of shape.points) builder.appendGeometryPart3d(markerId, toLocal(point));
  for (const line of shape.lines) if (line.length > 1) builder.appendGeometry(LineString3d.create(line.map(toLocal)));
  const surfaces = shape.polygons.map((polygon) => surfaceOf(polygon, toLocal));
  for (const part of surfaces.flat()) if (part !== undefined) builder.appendGeometry(part);
  const outlines = surfaces.filter((surface) => Array.isArray(surface)).length;
  if (builder.geometryStream.length === 0) return { outlines };
  return { geom: builder.geometryStream, placement: { origin, angles: {} }, outlines };
}

/**
 * The ring around a polygon goes counterclockwise, and those around its holes clockwise.
 * @returns a list of outlines where there is no surface
 */
function surfaceOf(
  polygon: Polygon,
  toLocal: (position: Position) => Point3d,
): AnyRegion | IndexedPolyface | LineString3d[] | undefined {
  const closed = polygon.map((ring) => close(ring.map(toLocal))).filter((ring) => areaOf(ring) !== 0);
  const rings = closed.map((ring, index) => (areaOf(ring) > 0 === (index === 0) ? ring : ring.reverse()));
  const { least, greatest } = heightsOf(rings);
  if (!(greatest - least > flatness)) return regionOf(rings, least);
  const corners = rings.reduce((sum, ring) => sum + ring.length, 0);
  return (corners > mostCorners ? undefined : meshOf(rings)) ?? rings.map((ring) => LineString3d.create(ring));
}

function regionOf(rings: readonly Point3d[][], height: number): AnyRegion | undefined {
  const [outer, ...holes] = rings.map((ring) =>
    Loop.create(LineString3d.create(ring.map(({ x, y }) => Point3d.create(x, y, height)))),
  );
  if (outer === undefined) return undefined;
  return holes.length === 0 ? outer : ParityRegion.create(outer, ...holes);
}

/** Triangles between the corners, each at its own height. Undefined where rings cross, so that there are other corners. */
function meshOf(rings: readonly Point3d[][]): IndexedPolyface | undefined {
  const region = regionOf(rings, 0);
  if (region === undefined) return undefined;
  const builder = PolyfaceBuilder.create(StrokeOptions.createForFacets());
  builder.addGeometryQuery(region);
  const mesh = builder.claimPolyface();
  const heights = new Heights(rings.flat());
  const points = mesh.data.point;
  for (let index = 0; index < points.length; index++) {
    const point = points.getPoint3dAtUncheckedPointIndex(index);
    const height = heights.at(point);
    if (height === undefined) return undefined;
    points.setXYZAtCheckedPointIndex(index, point.x, point.y, height);
  }
  return mesh.facetCount === 0 ? undefined : mesh;
}

/** The heights of corners, by their places: the triangulation moves them by less than a micrometre. */
class Heights {
  private readonly _heights: ReadonlyMap<string, number>;

  public constructor(corners: readonly Point3d[]) {
    this._heights = new Map(corners.map(({ x, y, z }) => [cellOf(x, y), z]));
  }

  /** Undefined where there is no corner. */
  public at({ x, y }: Point3d): number | undefined {
    for (const [dx, dy] of neighbours) {
      const height = this._heights.get(cellOf(x + dx * cell, y + dy * cell));
      if (height !== undefined) return height;
    }
    return undefined;
  }
}

const cell = 1e-4;
const neighbours = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]] as const; // prettier-ignore

function cellOf(x: number, y: number): string {
  return `${Math.round(x / cell)} ${Math.round(y / cell)}`;
}

function heightsOf(rings: readonly Point3d[][]): { least: number; greatest: number } {
  let [least, greatest] = [Infinity, -Infinity];
  for (const ring of rings)
    for (const { z } of ring) {
      least = Math.min(least, z);
      greatest = Math.max(greatest, z);
    }
  return { least, greatest };
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
