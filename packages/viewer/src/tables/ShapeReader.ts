import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import {
  GeometryStreamIterator,
  Placement3d,
  type GeometricElement3dProps,
  type GeometryPartProps,
} from "@itwin/core-common";
import {
  Arc3d,
  CurveChain,
  CurvePrimitive,
  Loop,
  ParityRegion,
  Path,
  PointString3d,
  CoordinateXYZ,
  Sphere,
  StrokeOptions,
  UnionRegion,
  type Transform,
  type AnyRegion,
  type GeometryQuery,
  type Point3d,
} from "@itwin/core-geometry";
import { footprintOf } from "./footprint.js";
import { areaOf, type Shape } from "./Shape.js";

interface Collected {
  points: Point3d[];
  lines: Point3d[][];
  areas: Point3d[][][];
  /** Whether there is anything else, such as a solid. */
  hasBody: boolean;
}

/** So many parts are remembered. */
const partsAtMost = 1000;

/** Curves become lines that are nowhere farther off than this, in metres. */
const chordTolerance = 0.01;

/** Reads what elements show. A solid or a mesh is drawn as the footprint of its box. */
export class ShapeReader {
  private readonly _parts = new Map<Id64String, readonly GeometryQuery[]>();

  public constructor(private readonly _imodel: IModelDb) {}

  /** The shape of an element in space. Undefined where it has no geometry. */
  public read(id: Id64String): Shape | undefined {
    const props = this._imodel.elements.getElementProps<GeometricElement3dProps>({ id, wantGeometry: true });
    if (props.geom === undefined || props.placement === undefined) return undefined;
    const shape: Collected = { points: [], lines: [], areas: [], hasBody: false };
    const placement = Placement3d.fromJSON(props.placement);
    const toWorld = placement.transform;
    for (const { primitive } of new GeometryStreamIterator(props.geom))
      if (primitive.type === "geometryQuery") collect(primitive.geometry, toWorld, shape);
      else if (primitive.type === "partReference") this._collectPart(primitive.part, toWorld, shape);
      else shape.hasBody = true;
    return shape.hasBody ? footprintOf(placement) : shape;
  }

  private _collectPart({ id, toLocal }: { id: Id64String; toLocal?: Transform }, toWorld: Transform, shape: Collected) {
    const partToWorld = toLocal === undefined ? toWorld : toWorld.multiplyTransformTransform(toLocal);
    for (const geometry of this._partOf(id)) collect(geometry, partToWorld, shape);
  }

  private _partOf(id: Id64String): readonly GeometryQuery[] {
    const known = this._parts.get(id);
    if (known !== undefined) return known;
    const props = this._imodel.elements.getElementProps<GeometryPartProps>({ id, wantGeometry: true });
    const found: GeometryQuery[] = [];
    for (const { primitive } of GeometryStreamIterator.fromGeometryPart(props))
      if (primitive.type === "geometryQuery") found.push(primitive.geometry);
    if (this._parts.size >= partsAtMost) this._parts.clear();
    this._parts.set(id, found);
    return found;
  }
}

function collect(given: GeometryQuery, toWorld: Transform, shape: Collected): void {
  const geometry = given.cloneTransformed(toWorld);
  if (geometry instanceof PointString3d) shape.points.push(...geometry.points);
  else if (geometry instanceof CoordinateXYZ) shape.points.push(geometry.point);
  else if (geometry instanceof Sphere)
    shape.points.push(geometry.cloneCenter()); // the mark of a point
  else if (geometry instanceof Loop || geometry instanceof ParityRegion || geometry instanceof UnionRegion)
    shape.areas.push(...areasOf(geometry));
  else if (isRing(geometry)) shape.areas.push([strokesOf(geometry)]);
  else if (geometry instanceof Path || geometry instanceof CurvePrimitive) shape.lines.push(strokesOf(geometry));
  else shape.hasBody = true;
}

/** A full circle or ellipse by itself is an area for a map. */
function isRing(geometry: GeometryQuery | undefined): geometry is Arc3d {
  return geometry instanceof Arc3d && geometry.sweep.isFullCircle;
}

function areasOf(region: AnyRegion): Point3d[][][] {
  if (region instanceof UnionRegion) return region.children.flatMap(areasOf);
  const loops = region instanceof ParityRegion ? region.children : [region];
  const rings = loops.map(strokesOf).filter((ring) => ring.length >= 4);
  return rings.length === 0 ? [] : [outermostFirst(rings)];
}

/** The one with the largest area encloses the others. */
function outermostFirst(rings: readonly Point3d[][]): Point3d[][] {
  return [...rings].sort((left, right) => Math.abs(areaOf(right)) - Math.abs(areaOf(left)));
}

function strokesOf(curve: CurveChain | CurvePrimitive): Point3d[] {
  const options = StrokeOptions.createForCurves();
  options.chordTol = chordTolerance;
  if (curve instanceof CurveChain) return curve.getPackedStrokes(options)?.getPoint3dArray() ?? [];
  const line = Path.create(curve);
  return line.getPackedStrokes(options)?.getPoint3dArray() ?? [];
}
