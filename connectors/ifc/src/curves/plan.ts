import { axesOf, inverse } from "./axes.js";
import type { Curve } from "./Curve.js";
import { Conic, Line, Moved, Part } from "./curves.js";
import { Polynomial } from "./Polynomial.js";
import { directionOf, Spiral, transitions } from "./spirals.js";
import { up, zero, type Vector } from "./vectors.js";

/** What a horizontal segment of an alignment is made from, in metres and radians. */
export interface HorizontalShape {
  readonly type: string;
  readonly start: Vector;
  /** From x, counterclockwise. */
  readonly direction: number;
  readonly length: number;
  /** At the start and at the end, in 1/m; positive to the left. */
  readonly curvatures: readonly [start: number, end: number];
}

/** The curve of a horizontal segment; undefined for a type that cannot be computed. */
export function planOf(shape: HorizontalShape): Curve | undefined {
  const own = alongX(shape);
  if (own === undefined) return undefined;
  const { start, direction } = shape;
  return new Moved(own, axesOf(start, up, [Math.cos(direction), Math.sin(direction), 0]));
}

/** From the origin along x. */
function alongX({ type, length, curvatures }: HorizontalShape): Curve | undefined {
  const [from, to] = curvatures;
  if (type === "LINE" || (from === 0 && to === 0)) return new Part(new Line(zero, [1, 0, 0]), 0, length);
  if (type === "CIRCULARARC") return arc(length, from);
  if (type === "CUBIC") return cubic(length, curvatures);
  const transition = transitions[type];
  return transition === undefined ? undefined : new Spiral(0, length, directionOf(transition, length, curvatures));
}

function arc(length: number, curvature: number): Curve {
  const radius = 1 / curvature;
  const [x, y]: [Vector, Vector] = [
    [0, -radius, 0],
    [Math.abs(radius), 0, 0],
  ];
  return new Part(new Conic([0, radius, 0], x, y), 0, length * Math.abs(curvature));
}

/** A part of y = c x³, whose curvature grows with x. The end with less curvature is where its x has it exactly. */
function cubic(length: number, [from, to]: readonly [number, number]): Curve | undefined {
  const change = to - from;
  if (change === 0) return undefined;
  const whole = new Polynomial([[0, 1], [0, 0, 0, change / (6 * length)], []], 1); // prettier-ignore
  const isFromStart = Math.abs(from) <= Math.abs(to);
  const anchor = ((isFromStart ? from : to) * length) / change;
  const other = whole.parameterAt(whole.distanceAt(anchor) + (isFromStart ? length : -length));
  const [start, end] = isFromStart ? [anchor, other] : [other, anchor];
  const own = axesOf(whole.at(start), up, whole.derivative(start));
  return new Moved(new Part(whole, start, end), inverse(own));
}
