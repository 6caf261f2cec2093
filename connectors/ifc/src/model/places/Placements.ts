import { identity, within, type Axes } from "../../curves/axes.js";
import type { IfcFile } from "../IfcFile.js";
import type { CurveReader } from "../curves/CurveReader.js";
import { NotDrawable } from "../curves/NotDrawable.js";
import { CurveOwners } from "./CurveOwners.js";
import { GridPlacements } from "./GridPlacements.js";

/** Placements within each other deeper than this go in a circle. */
const deepest = 2000;

/** Where things of a file are placed, in metres: IfcLocalPlacement, IfcGridPlacement and IfcLinearPlacement. */
export class Placements {
  private readonly _known = new Map<number, Axes>();
  private readonly _grids: GridPlacements;
  private readonly _owners: CurveOwners;

  public constructor(
    private readonly _file: IfcFile,
    private readonly _curves: CurveReader,
  ) {
    this._grids = new GridPlacements(_file, _curves);
    this._owners = new CurveOwners(_file);
  }

  /** The axes of an entity with an ObjectPlacement; those of the file without one; undefined where they cannot be computed. */
  public ofEntity(id: number): Axes | undefined {
    return orUndefined(() => this.compute(id));
  }

  /**
   * The axes of an entity with an ObjectPlacement; those of the file without one.
   * @throws NotDrawable where they cannot be computed
   */
  public compute(id: number): Axes {
    const placement = this._file.reference(id, "ObjectPlacement");
    return placement === undefined ? identity : this.ofPlacement(placement);
  }

  /**
   * The axes of an IfcObjectPlacement.
   * @throws NotDrawable where they cannot be computed
   */
  public ofPlacement(id: number): Axes {
    return this._ofPlacement(id, 0);
  }

  /** The axes of an IfcAxis2Placement2D or 3D; undefined where they cannot be computed. */
  public ofAxes(id: number): Axes | undefined {
    return orUndefined(() => this._curves.points.axes(id));
  }

  /** Products that a placement depends on without a reference to them: the grid of an axis, the alignment of a curve. */
  public basesOf(id: number): number[] {
    const bases: number[] = [];
    const seen = new Set<number>(); // placements can go in a circle
    for (let next: number | undefined = id; next !== undefined && !seen.has(next); next = this._parentIdOf(next)) {
      seen.add(next);
      const base = this._baseOf(next);
      if (base !== undefined) bases.push(base);
    }
    return bases;
  }

  private _ofPlacement(id: number, depth: number): Axes {
    const known = this._known.get(id);
    if (known !== undefined) return known;
    if (depth > deepest) throw new NotDrawable(this._file, id, "is placed relative to itself");
    const axes = within(this._parentOf(id, depth), this._ownOf(id));
    this._known.set(id, axes);
    return axes;
  }

  private _parentOf(id: number, depth: number): Axes {
    const parent = this._parentIdOf(id);
    return parent === undefined ? identity : this._ofPlacement(parent, depth + 1);
  }

  /** What a placement is relative to: what it says, or the placement of the product that has the axes or the curve. */
  private _parentIdOf(id: number): number | undefined {
    const base = this._baseOf(id);
    return this._relativeTo(id) ?? (base === undefined ? undefined : this._file.reference(base, "ObjectPlacement"));
  }

  private _relativeTo(id: number): number | undefined {
    if (this._file.isA(id, "IFCGRIDPLACEMENT")) return this._grids.relativeTo(id);
    return this._file.reference(id, "PlacementRelTo");
  }

  private _baseOf(id: number): number | undefined {
    if (this._file.isA(id, "IFCGRIDPLACEMENT")) return this._grids.gridOf(id);
    return this._file.isA(id, "IFCLINEARPLACEMENT") ? this._owners.ofPlacement(id) : undefined;
  }

  private _ownOf(id: number): Axes {
    const type = this._file.typeOf(id);
    if (type === "IFCGRIDPLACEMENT") return this._grids.axesOf(id);
    const relative = this._file.reference(id, "RelativePlacement");
    if (type === "IFCLOCALPLACEMENT") return relative === undefined ? identity : this._curves.points.axes(relative);
    if (type === "IFCLINEARPLACEMENT") return this._alongCurve(id, relative);
    throw new NotDrawable(this._file, id, "is a placement of a kind that is not supported");
  }

  /** What the file gives beside it counts where the place on the curve cannot be computed. */
  private _alongCurve(id: number, relative: number | undefined): Axes {
    const fallback = this._file.reference(id, "CartesianPosition");
    try {
      if (relative !== undefined) return this._curves.points.axes(relative);
    } catch (error) {
      if (!(error instanceof NotDrawable) || fallback === undefined) throw error;
    }
    if (fallback === undefined) throw new NotDrawable(this._file, id, "has no position");
    return this._curves.points.axes(fallback);
  }
}

function orUndefined<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof NotDrawable) return undefined;
    throw error;
  }
}
