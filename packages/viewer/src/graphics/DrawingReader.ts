import { SubCategory, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import {
  ElementGeometry,
  FillDisplay,
  GeometryClass,
  type ElementGeometryInfo,
  type GeometryParams,
} from "@itwin/core-common";
import {
  CoordinateXYZ,
  CurveCollection,
  CurvePrimitive,
  LineString3d,
  PointString3d,
  Transform,
  type GeometryQuery,
  type Point3d,
} from "@itwin/core-geometry";
import type { Appearances } from "./Appearances.js";
import type { BatchBuilder } from "./BatchBuilder.js";

/** Says what an export leaves out of an element of a drawing. */
export const incompleteDrawing = "only its lines and points are in the export, not its texts, images and fills";

/** What was found of an element. */
interface Found {
  /** Whether there is a line or a point. */
  isShown: boolean;
  /** Whether everything is there. */
  isComplete: boolean;
}

/**
 * Reads the lines of drawings and sheets. `exportGraphics` gives nothing for their elements, so that curves are turned into
 * lines here. Parts within parts do not exist.
 */
export class DrawingReader {
  private readonly _colors = new Map<Id64String, number>();

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _appearances: Appearances,
  ) {}

  /** Adds the lines and points of an element to a batch. */
  public read(elementId: Id64String, element: number, batch: BatchBuilder): Found {
    const found = { isShown: false, isComplete: true };
    const onGeometry = (info: ElementGeometryInfo) =>
      this._addEntries(new ElementGeometry.Iterator(info), { element, batch, found });
    this._imodel.elementGeometryRequest({ elementId, onGeometry });
    return found;
  }

  private _addEntries(entries: ElementGeometry.Iterator, target: Target): void {
    entries.requestWorldCoordinates();
    for (const entry of entries) {
      const partToWorld = Transform.createIdentity();
      const part = entry.toGeometryPart(undefined, partToWorld);
      const query = part === undefined ? entry.toGeometryQuery() : undefined;
      if (part !== undefined) this._addPart(part, entry.geomParams, partToWorld, target);
      else if (query === undefined || !this._addQuery(query, entry.geomParams, target)) target.found.isComplete = false;
    }
  }

  private _addPart(elementId: Id64String, params: GeometryParams, toWorld: Transform, target: Target): void {
    const onGeometry = (info: ElementGeometryInfo) =>
      this._addEntries(new ElementGeometry.Iterator(info, params, toWorld), target);
    this._imodel.elementGeometryRequest({ elementId, onGeometry });
  }

  /** @returns whether all of it is there */
  private _addQuery(query: GeometryQuery, params: GeometryParams, target: Target): boolean {
    if (query instanceof PointString3d) this._add("points", query.points, params, target);
    else if (query instanceof CoordinateXYZ) this._add("points", [query.point], params, target);
    else if (query instanceof CurvePrimitive) this._add("lines", strokesOf(query), params, target);
    else if (query instanceof CurveCollection)
      for (const curve of query.collectCurvePrimitives()) this._add("lines", strokesOf(curve), params, target);
    else return false;
    return (params.fillDisplay ?? FillDisplay.Never) === FillDisplay.Never;
  }

  private _add(kind: "lines" | "points", corners: readonly Point3d[], params: GeometryParams, target: Target): void {
    const { element, batch, found } = target;
    const points = Float64Array.from(corners.flatMap(({ x, y, z }) => [x, y, z]));
    const places = [...corners.keys()];
    const indices = Int32Array.from(kind === "points" ? places : places.slice(1).flatMap((end) => [end - 1, end]));
    if (!points.every(Number.isFinite)) found.isComplete = false;
    else {
      found.isShown ||= indices.length > 0;
      const color = params.lineColor?.tbgr ?? this._colorOf(params.subCategoryId);
      batch.addLines(
        { element, points, indices },
        this._appearances.of(kind, { color, geometryClass: GeometryClass.Primary }),
      );
    }
  }

  /** The colour of what has none of its own. */
  private _colorOf(subCategoryId: Id64String): number {
    let color = this._colors.get(subCategoryId);
    if (color === undefined) {
      const subCategory = this._imodel.elements.tryGetElement<SubCategory>(subCategoryId, SubCategory);
      this._colors.set(subCategoryId, (color = subCategory?.appearance.color.tbgr ?? 0));
    }
    return color;
  }
}

/** Where lines go. */
interface Target {
  readonly element: number;
  readonly batch: BatchBuilder;
  readonly found: Found;
}

function strokesOf(curve: CurvePrimitive): Point3d[] {
  const strokes = LineString3d.create();
  curve.emitStrokes(strokes);
  return strokes.points;
}
