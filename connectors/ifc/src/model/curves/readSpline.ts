import type { Curve } from "../../curves/Curve.js";
import { Spline } from "../../curves/Spline.js";
import type { IfcFile } from "../IfcFile.js";
import { NotDrawable } from "./NotDrawable.js";
import type { PointReader } from "./PointReader.js";

/**
 * An IfcBSplineCurve with or without knots and weights, which the Bezier curves of IFC2X3 are, too.
 * @throws NotDrawable
 */
export function readSpline(file: IfcFile, id: number, points: PointReader): Curve {
  const degree = file.number(id, "Degree") ?? 1;
  const poles = file.references(id, "ControlPointsList").map((pole) => points.point(pole));
  const weights = file.numbers(id, "WeightsData");
  const knots = expandKnots(file.numbers(id, "Knots"), file.numbers(id, "KnotMultiplicities"));
  const all = knots.length > 0 ? knots : bezierKnots(degree, poles.length);
  if (poles.length <= degree || all.length !== poles.length + degree + 1)
    throw new NotDrawable(file, id, "has another number of knots than its degree and its points need");
  if (weights.length > 0 && weights.length !== poles.length)
    throw new NotDrawable(file, id, "has another number of weights than of points");
  return new Spline({ degree, poles, knots: all, ...(weights.length > 0 && { weights }) });
}

function expandKnots(knots: readonly number[], multiplicities: readonly number[]): number[] {
  return knots.flatMap((knot, index) => new Array<number>(multiplicities[index] ?? 1).fill(knot));
}

/** Of Bezier curves one after the other, each over a range of 1. */
function bezierKnots(degree: number, poles: number): number[] {
  const curves = Math.max(1, Math.round((poles - 1) / degree));
  const inner = Array.from({ length: curves - 1 }, (_, index) => new Array<number>(degree).fill(index + 1));
  return [...new Array<number>(degree + 1).fill(0), ...inner.flat(), ...new Array<number>(degree + 1).fill(curves)];
}
