import type { Axes } from "../../curves/axes.js";
import type { IfcFile } from "../IfcFile.js";
import { Placements } from "../places/Placements.js";
import { gridName, type LineItem, type PlacedLines } from "../records.js";
import type { Relations } from "../relations/Relations.js";
import { AlignmentReader } from "./AlignmentReader.js";
import { CurveReader } from "../curves/CurveReader.js";
import { GridReader } from "./GridReader.js";
import { hasBodies, nameOfRepresentation, representationsOf } from "./itemKinds.js";
import { LineReader, type OnFault } from "./LineReader.js";
import { NotDrawable } from "../curves/NotDrawable.js";
import type { Measures } from "../curves/PointReader.js";

/** A placement that web-ifc does not compute, or computes in another way, with the axes that it stands for. */
export interface ComputedPlacement {
  readonly id: number;
  readonly axes: Axes;
}

/** Reads what products show without a body, and where they are placed. */
export class ShapeReader {
  /** Reads the curves of the file. */
  public readonly curves: CurveReader;
  private readonly _placements: Placements;
  private readonly _lines: LineReader;
  private readonly _grids: GridReader;
  private readonly _alignments: AlignmentReader;

  public constructor(
    private readonly _file: IfcFile,
    relations: Relations,
    { measures, tolerance }: { measures: Measures; tolerance: number },
  ) {
    const curves = new CurveReader(_file, measures);
    this.curves = curves;
    this._placements = new Placements(_file, curves);
    this._lines = new LineReader(_file, curves, tolerance);
    this._grids = new GridReader(_file, curves, this._lines);
    this._alignments = new AlignmentReader(_file, relations, { measures, points: curves.points });
  }

  /**
   * Where a product is. A segment of an alignment is where the alignment is, if its curve is computed.
   * @throws NotDrawable
   */
  public placeOf(id: number): Axes {
    return this._placements.compute(this._computedWith(id) ?? id);
  }

  /** Whether a product has anything to show. */
  public isShown(id: number): boolean {
    return representationsOf(this._file, id).length > 0 || this._file.isA(id, "IFCGRID") || this._isComputed(id);
  }

  /** Whether web-ifc has to be asked for meshes. */
  public hasBodies(id: number): boolean {
    return representationsOf(this._file, id).some((representation) => hasBodies(this._file, representation));
  }

  /** What a product shows without a body, in its own axes. */
  public linesOf(id: number, onFault: OnFault): PlacedLines[] {
    const representations = representationsOf(this._file, id);
    const drawn = representations
      .filter((representation) => representations.length === 1 || !this._isBox(representation))
      .map((representation) => ({
        name: nameOfRepresentation(this._file, representation),
        items: this._lines.read(representation, onFault),
      }));
    const grid = this._file.isA(id, "IFCGRID") ? this._grids.read(id, onFault) : [];
    const own = [{ name: gridName, items: grid }, ...drawn, { name: "Axis", items: this._computed(id, onFault) }];
    return own.filter(({ items }) => items.length > 0);
  }

  /**
   * Instances that decide what a product shows and where, though it does not refer to them, in groups. The order within a
   * group means something.
   */
  public basesOf(id: number): (readonly number[])[] {
    const placement = this._file.reference(id, "ObjectPlacement");
    const bases = placement === undefined ? [] : this._placements.basesOf(placement);
    const alignment = this._computedWith(id) ?? (this._isComputed(id) ? id : undefined);
    const places = [...bases, ...(alignment === undefined ? [] : [alignment])].flatMap(
      (base) => this._file.reference(base, "ObjectPlacement") ?? [],
    );
    return [places, alignment === undefined ? [] : this._alignments.contentOf(alignment)].filter(
      (group) => group.length > 0,
    );
  }

  /** The placements of the file that web-ifc must be told. Those that cannot be computed are left out. */
  public computedPlacements(): ComputedPlacement[] {
    const ids = [...this._file.all("IFCGRIDPLACEMENT"), ...this._file.all("IFCLINEARPLACEMENT")];
    return ids.flatMap((id) => {
      try {
        return [{ id, axes: this._placements.ofPlacement(id) }];
      } catch (error) {
        if (error instanceof NotDrawable) return []; // the entities that are placed by it report it
        throw error;
      }
    });
  }

  private _computed(id: number, onFault: OnFault): LineItem[] {
    if (!this._isComputed(id)) return [];
    const alignment = this._computedWith(id);
    const { curves, faults } = this._alignments.read(alignment ?? id);
    for (const [segment, reason] of faults)
      if (segment === id || (alignment === undefined && !this._isComputed(segment))) onFault(reason);
    const drawn = alignment === undefined ? [...curves.values()] : [curves.get(id)];
    return drawn.flatMap((curve) => (curve === undefined ? [] : this._lines.drawn(curve)));
  }

  /** An alignment, or a segment of one, without a representation. */
  private _isComputed(id: number): boolean {
    const isPart = this._file.isA(id, "IFCALIGNMENT") || this._file.isA(id, "IFCALIGNMENTSEGMENT");
    return isPart && representationsOf(this._file, id).length === 0;
  }

  /** The alignment of a segment whose curve is computed. */
  private _computedWith(id: number): number | undefined {
    const isSegment = this._file.isA(id, "IFCALIGNMENTSEGMENT") && this._isComputed(id);
    return isSegment ? this._alignments.alignmentOf(id) : undefined;
  }

  private _isBox(representation: number): boolean {
    const items = this._file.references(representation, "Items");
    return items.length > 0 && items.every((item) => this._file.isA(item, "IFCBOUNDINGBOX"));
  }
}
