import { areaOf, type Shape } from "./Shape.js";
import type { GeoFrame, Position } from "./GeoFrame.js";
import { cutLine, cutRing } from "./antimeridian.js";
import type { Point3d } from "@itwin/core-geometry";

/** A geometry of GeoJSON (RFC 7946). */
export type GeoGeometry =
  | { readonly type: "Point"; readonly coordinates: Position }
  | { readonly type: "MultiPoint" | "LineString"; readonly coordinates: readonly Position[] }
  | { readonly type: "MultiLineString" | "Polygon"; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly (readonly Position[])[])[] }
  | { readonly type: "GeometryCollection"; readonly geometries: readonly GeoGeometry[] };

/** A shape on the Earth. Null where there is nothing to draw. Lines and areas are cut where they cross the antimeridian. */
export function geoGeometryOf({ points, lines, areas }: Shape, frame: GeoFrame): GeoGeometry | null {
  const at = (given: readonly Point3d[]) => given.map((point) => rounded(frame.positionOf(point)));
  const geometries = [
    pointGeometry(at(points)),
    lineGeometry(lines.flatMap((line) => cutLine(at(line)))),
    areaGeometry(areas.flatMap((rings) => polygonsOf(rings.map(at)))),
  ].filter((geometry) => geometry !== undefined);
  const [only] = geometries;
  if (only === undefined) return null;
  return geometries.length === 1 ? only : { type: "GeometryCollection", geometries };
}

function pointGeometry(points: readonly Position[]): GeoGeometry | undefined {
  const [only] = points;
  if (only === undefined) return undefined;
  return points.length === 1 ? { type: "Point", coordinates: only } : { type: "MultiPoint", coordinates: points };
}

function lineGeometry(lines: readonly (readonly Position[])[]): GeoGeometry | undefined {
  const [only] = lines;
  if (only === undefined) return undefined;
  return lines.length === 1
    ? { type: "LineString", coordinates: only }
    : { type: "MultiLineString", coordinates: lines };
}

function areaGeometry(polygons: readonly (readonly (readonly Position[])[])[]): GeoGeometry | undefined {
  const [only] = polygons;
  if (only === undefined) return undefined;
  return polygons.length === 1
    ? { type: "Polygon", coordinates: only }
    : { type: "MultiPolygon", coordinates: polygons };
}

/** The polygons of an area, one on each side of the antimeridian where it crosses that. Holes go where their parts lie. */
function polygonsOf(rings: readonly (readonly Position[])[]): Position[][][] {
  const [outer = [], ...holes] = rings;
  const cutHoles = holes.flatMap((hole) => cutRing(hole));
  return cutRing(outer).map(({ side, ring }) => [
    turned(ring, 1),
    ...cutHoles.filter((hole) => hole.side === side).map((hole) => turned(hole.ring, -1)),
  ]);
}

/** RFC 7946: outer rings run counterclockwise, holes clockwise. */
function turned(ring: readonly Position[], direction: 1 | -1): Position[] {
  const area = areaOf(ring.map(([x, y]) => ({ x, y })));
  return area * direction < 0 ? [...ring].reverse() : [...ring];
}

/** 0.1 mm on the ground, and in height. */
function rounded([longitude, latitude, height]: Position): Position {
  return [Number(longitude.toFixed(9)), Number(latitude.toFixed(9)), Number(height.toFixed(4))];
}
