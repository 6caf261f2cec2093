import { axesOf } from "../../curves/axes.js";
import type { Curve } from "../../curves/Curve.js";
import { minus, plus, scaled, unit, up, type Vector } from "../../curves/vectors.js";
import type { IfcFile } from "../IfcFile.js";
import type { LineItem } from "../records.js";
import { axisLists, GridPlacements } from "../places/GridPlacements.js";
import type { CurveReader } from "../curves/CurveReader.js";
import type { LineReader, OnFault } from "./LineReader.js";
import { NotDrawable } from "../curves/NotDrawable.js";

/** The tags of a grid are so high, in metres. */
const tagHeight = 0.5;

/** Reads the axes of an IfcGrid as lines, with their tags at both ends. */
export class GridReader {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _curves: CurveReader,
    private readonly _lines: LineReader,
  ) {}

  /** The axes of a grid, in its own axes. */
  public read(grid: number, onFault: OnFault): LineItem[] {
    const axes = axisLists.flatMap((list) => this._file.references(grid, list));
    return axes.flatMap((axis) => {
      try {
        const curve = GridPlacements.curveOf(this._file, this._curves, axis);
        return [...this._lines.drawn(curve), ...this._tags(axis, curve)];
      } catch (error) {
        if (!(error instanceof NotDrawable)) throw error;
        onFault(error.message);
        return [];
      }
    });
  }

  private _tags(axis: number, curve: Curve): LineItem[] {
    const text = this._file.text(axis, "AxisTag");
    if (text === undefined) return [];
    const outwards = [scaled(curve.tangent(curve.start), -1), curve.tangent(curve.end)] as const;
    return [tag(text, curve.at(curve.start), outwards[0]), tag(text, curve.at(curve.end), outwards[1])];
  }
}

/** A text that is centred a little beyond an end. */
function tag(text: string, end: Vector, outwards: Vector): LineItem {
  const center = plus(end, scaled(unit(outwards), tagHeight));
  // A letter is about as wide as two thirds of its height.
  const corner = minus(center, [(text.length * tagHeight) / 3, tagHeight / 2, 0]);
  return { kind: "text", text, height: tagHeight, axes: axesOf(corner, up, [1, 0, 0]) };
}
