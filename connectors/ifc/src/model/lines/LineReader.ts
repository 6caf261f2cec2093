import { identity, pointAt, within, type Axes } from "../../curves/axes.js";
import type { Curve } from "../../curves/Curve.js";
import { movePiece } from "../../curves/curves.js";
import { numbersIn, type StepValue } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";
import type { LineItem } from "../records.js";
import type { CurveReader } from "../curves/CurveReader.js";
import { isBody } from "./itemKinds.js";
import { NotDrawable } from "../curves/NotDrawable.js";
import { readText } from "./readText.js";

/** Items within each other deeper than this go in a circle. */
const deepest = 50;

/** Where an item is, and how deep within others. */
interface Place {
  readonly axes: Axes;
  readonly depth: number;
}

/** Called with why something is not drawn. */
export type OnFault = (reason: string) => void;

/** Reads the items of representations that are no bodies: points, lines, texts, outlines, and faces of topologies. */
export class LineReader {
  /** @param _tolerance - how far line strings may be from curves, in metres */
  public constructor(
    private readonly _file: IfcFile,
    private readonly _curves: CurveReader,
    private readonly _tolerance: number,
  ) {}

  /** The items of an IfcShapeRepresentation or an IfcTopologyRepresentation, in the axes of the product. */
  public read(representation: number, onFault: OnFault): LineItem[] {
    return this._itemsOf(representation, { axes: identity, depth: 0 }, onFault);
  }

  /** What the iModel shows of a curve. */
  public drawn(curve: Curve): LineItem[] {
    return curve.pieces(curve.start, curve.end, this._tolerance);
  }

  private _itemsOf(representation: number, place: Place, onFault: OnFault): LineItem[] {
    const isTopology = this._file.isA(representation, "IFCTOPOLOGYREPRESENTATION");
    return this._file.references(representation, "Items").flatMap((item) => {
      if (!isTopology && isBody(this._file, item)) return []; // web-ifc makes its mesh
      return this._item(item, place, onFault);
    });
  }

  /** Reports what cannot be drawn, and draws the others. */
  private _item(id: number, place: Place, onFault: OnFault): LineItem[] {
    try {
      if (place.depth > deepest) throw new NotDrawable(this._file, id, "is a part of itself");
      return this._draw(id, place, onFault);
    } catch (error) {
      if (!(error instanceof NotDrawable)) throw error;
      onFault(error.message);
      return [];
    }
  }

  private _draw(id: number, place: Place, onFault: OnFault): LineItem[] {
    const { axes, depth } = place;
    const inner = (ids: readonly number[]) =>
      ids.flatMap((item) => this._item(item, { axes, depth: depth + 1 }, onFault));
    const is = (type: string) => this._file.isA(id, type);
    if (is("IFCMAPPEDITEM")) return this._mapped(id, place, onFault);
    if (is("IFCGEOMETRICSET")) return inner(this._file.references(id, "Elements"));
    if (is("IFCSTYLEDITEM")) return inner(this._file.references(id, "Item"));
    if (is("IFCANNOTATIONFILLAREA"))
      return inner([...this._file.references(id, "OuterBoundary"), ...this._file.references(id, "InnerBoundaries")]);
    if (is("IFCFACE")) return [this._face(id, axes)];
    if (is("IFCCONNECTEDFACESET")) return inner(this._file.references(id, "CfsFaces"));
    return this._simple(id).map((item) => moveItem(item, axes));
  }

  private _simple(id: number): LineItem[] {
    const is = (type: string) => this._file.isA(id, type);
    const { points } = this._curves;
    if (is("IFCTEXTLITERAL")) return [readText(this._file, id, points)];
    if (is("IFCBOUNDINGBOX")) return this._box(id);
    if (is("IFCVERTEXLOOP")) return [{ kind: "points", points: [points.point(this._needed(id, "LoopVertex"))] }];
    if (is("IFCPLACEMENT")) return [{ kind: "points", points: [points.axes(id).origin] }];
    if (is("IFCCARTESIANPOINTLIST")) return [{ kind: "points", points: this._pointList(id) }];
    if (is("IFCPOINT") || is("IFCVERTEX")) return [{ kind: "points", points: [points.point(id)] }];
    if (this._curves.canRead(id)) return this.drawn(this._curves.readBounded(id));
    throw new NotDrawable(this._file, id, "is not supported in a representation without a body");
  }

  /** The origin of the map comes to the target, as all programs have it. */
  private _mapped(id: number, { axes, depth }: Place, onFault: OnFault): LineItem[] {
    const map = this._needed(id, "MappingSource");
    const target = this._curves.points.operator(this._needed(id, "MappingTarget"));
    const origin = this._curves.points.axes(this._needed(map, "MappingOrigin"));
    const place = { axes: within(axes, within(target, origin)), depth: depth + 1 };
    return this._itemsOf(this._needed(map, "MappedRepresentation"), place, onFault);
  }

  private _pointList(id: number): (readonly [number, number, number])[] {
    const rows = this._file.value(id, "CoordList");
    if (!Array.isArray(rows)) return [];
    return (rows as readonly StepValue[]).map((row) => this._curves.points.coordinates(numbersIn(row)));
  }

  private _box(id: number): LineItem[] {
    const origin = this._curves.points.point(this._needed(id, "Corner"));
    const [dx, dy, dz] = this._curves.points.coordinates(
      ["XDim", "YDim", "ZDim"].map((name) => this._file.number(id, name) ?? 0),
    );
    const box: Axes = { origin, x: [dx, 0, 0], y: [0, dy, 0], z: [0, 0, dz] };
    const square = [0, 1].map((z) => ([[0, 0, z], [1, 0, z], [1, 1, z], [0, 1, z], [0, 0, z]] as const)); // prettier-ignore
    const posts = ([[0, 0], [1, 0], [1, 1], [0, 1]] as const).map(([x, y]) => ([[x, y, 0], [x, y, 1]] as const)); // prettier-ignore
    return [...square, ...posts].map((line) => ({ kind: "line", points: line.map((point) => pointAt(box, point)) }));
  }

  /** The outline first, then those of its holes. */
  private _face(id: number, axes: Axes): LineItem {
    const bounds = this._file.references(id, "Bounds");
    const outer = bounds.filter((bound) => this._file.typeOf(bound) === "IFCFACEOUTERBOUND");
    const ordered = [...outer, ...bounds.filter((bound) => !outer.includes(bound))];
    const loops = ordered.map((bound) => {
      const loop = this._curves.readBounded(this._needed(bound, "Bound"));
      return loop.sample(loop.start, loop.end, this._tolerance).map((point) => pointAt(axes, point));
    });
    return { kind: "face", loops };
  }

  private _needed(id: number, attribute: string): number {
    const reference = this._file.reference(id, attribute);
    if (reference === undefined) throw new NotDrawable(this._file, id, `has no ${attribute}`);
    return reference;
  }
}

/** An item in other axes. */
export function moveItem(item: LineItem, axes: Axes): LineItem {
  switch (item.kind) {
    case "points":
      return { ...item, points: item.points.map((point) => pointAt(axes, point)) };
    case "face":
      return { ...item, loops: item.loops.map((loop) => loop.map((point) => pointAt(axes, point))) };
    case "text":
      return { ...item, axes: within(axes, item.axes) };
    default:
      return movePiece(item, axes);
  }
}
