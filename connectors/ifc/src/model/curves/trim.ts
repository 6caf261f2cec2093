import type { Curve } from "../../curves/Curve.js";
import { Part } from "../../curves/curves.js";
import { numberIn, StepReference, StepTyped, type StepValue } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";
import { NotDrawable } from "./NotDrawable.js";
import type { Measures, PointReader } from "./PointReader.js";

/**
 * An IfcTrimmedCurve.
 * @throws NotDrawable
 */
export function trim(
  file: IfcFile,
  id: number,
  { basis, points }: { basis: Curve; points: PointReader },
  measures: Measures,
): Curve {
  const [from, to] = ["Trim1", "Trim2"].map((attribute) => {
    const basisId = file.reference(id, "BasisCurve") ?? 0;
    const u = parameterIn(file.value(id, attribute), {
      prefersPoints: file.text(id, "MasterRepresentation") === "CARTESIAN",
      byValue: (value) => value * (file.isA(basisId, "IFCCONIC") ? measures.radians : 1),
      byPoint: (point) => basis.parameterOf(points.point(point)),
    });
    if (u === undefined) throw new NotDrawable(file, id, `has no ${attribute}`);
    return u;
  }) as [number, number];
  return new Part(basis, from, endOfPart(basis, { from, to, isForward: file.text(id, "SenseAgreement") !== "F" }));
}

/** Where a part ends: on a curve that begins again, it goes on in its sense until it is there, at most once around. */
export function endOfPart(
  { period }: Curve,
  { from, to, isForward }: { from: number; to: number; isForward: boolean },
): number {
  if (period === undefined) return to;
  const sense = isForward ? 1 : -1;
  const size = ((((to - from) * sense) % period) + period) % period;
  return from + sense * (size < 1e-9 * period ? period : size);
}

/** A trim is given as a parameter, as a point, or as both. */
function parameterIn(
  value: StepValue | undefined,
  read: { prefersPoints: boolean; byValue: (value: number) => number; byPoint: (point: number) => number },
): number | undefined {
  const trims = Array.isArray(value) ? (value as readonly StepValue[]) : [];
  const number = numberIn(trims.find((candidate) => candidate instanceof StepTyped || typeof candidate === "number"));
  const point = trims.find((candidate) => candidate instanceof StepReference);
  if (point !== undefined && (read.prefersPoints || number === undefined)) return read.byPoint(point.id);
  return number === undefined ? undefined : read.byValue(number);
}
