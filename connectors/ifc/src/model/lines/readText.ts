import type { Axes } from "../../curves/axes.js";
import type { IfcFile } from "../IfcFile.js";
import type { LineItem } from "../records.js";
import { NotDrawable } from "../curves/NotDrawable.js";
import type { PointReader } from "../curves/PointReader.js";

/** The height of texts whose extent the file does not give, in metres. */
export const textHeight = 0.25;

/** Texts of more lines are as high as this many, in all. */
const lineSpacing = 1.5;

/**
 * An IfcTextLiteral. Its height is that of its extent, shared among its lines.
 * @throws NotDrawable
 */
export function readText(file: IfcFile, id: number, points: PointReader): LineItem {
  const placement = file.reference(id, "Placement");
  if (placement === undefined) throw new NotDrawable(file, id, "has no Placement");
  const text = file.text(id, "Literal") ?? "";
  const extent = file.reference(id, "Extent");
  const [size] = extent === undefined ? [0] : points.coordinates([file.number(extent, "SizeInY") ?? 0]);
  const lines = text.split("\n").length;
  const height = size > 0 ? size / (1 + (lines - 1) * lineSpacing) : textHeight;
  const axes: Axes = points.axes(placement);
  return { kind: "text", text, height, axes };
}
