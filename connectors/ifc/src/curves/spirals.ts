import { Curve, integrate } from "./Curve.js";
import type { Vector } from "./vectors.js";

/** Turns by no more than this in a step, in radians, so that five nodes integrate a step to rounding. */
const mostTurn = 0.1;

/**
 * A curve in a plane that begins at the origin along x, given by its direction at each distance.
 * The parameter is the distance in metres.
 */
export class Spiral extends Curve {
  private readonly _step: number;
  private readonly _points: readonly Vector[];

  /**
   * @param start - the lowest distance that is asked for, 0 or less
   * @param end - the highest one, 0 or more
   * @param directionAt - the angle from x at a distance, in radians
   */
  public constructor(
    public readonly start: number,
    public readonly end: number,
    private readonly _directionAt: (distance: number) => number,
  ) {
    super();
    const turns = Array.from({ length: 64 }, (_, index) => {
      const at = (place: number) => _directionAt(start + ((end - start) * place) / 64);
      return Math.abs(at(index + 1) - at(index));
    });
    const steps = Math.max(64, Math.ceil((64 * Math.max(...turns)) / mostTurn));
    this._step = (end - start) / steps;
    this._points = this._integrateAll(steps);
  }

  public at(distance: number): Vector {
    const index = Math.min(Math.max(Math.floor((distance - this.start) / this._step), 0), this._points.length - 1);
    const [x, y] = this._points[index] ?? [0, 0];
    const [dx, dy] = this._integral(this.start + index * this._step, distance);
    return [x + dx, y + dy, 0];
  }

  public override derivative(distance: number): Vector {
    const angle = this._directionAt(distance);
    return [Math.cos(angle), Math.sin(angle), 0];
  }

  public override lengthBetween(from: number, to: number): number {
    return to - from;
  }

  public override distanceAt(u: number): number {
    return u;
  }

  public override parameterAt(distance: number): number {
    return distance;
  }

  /** The points at all steps, such that the one at 0 is the origin. */
  private _integrateAll(steps: number): Vector[] {
    const points: [number, number][] = [[0, 0]];
    for (let index = 0; index < steps; index++) {
      const [x, y] = points[index] ?? [0, 0];
      const from = this.start + index * this._step;
      const [dx, dy] = this._integral(from, from + this._step);
      points.push([x + dx, y + dy]);
    }
    const place = this._step === 0 ? 0 : -this.start / this._step;
    const before = Math.min(Math.floor(place), steps);
    const [x0, y0] = points[before] ?? [0, 0];
    const [dx, dy] = this._integral(this.start + before * this._step, 0);
    return points.map(([x, y]) => [x - x0 - dx, y - y0 - dy, 0]);
  }

  private _integral(from: number, to: number): [number, number] {
    return [
      integrate(from, to, (distance) => Math.cos(this._directionAt(distance))),
      integrate(from, to, (distance) => Math.sin(this._directionAt(distance))),
    ];
  }
}

/** The transition from one curvature to another, from 0 to 1, as the integral of its share over the length. */
type Transition = (share: number) => number;

/**
 * The integrals of the shares of the curvature that a transition has reached, by IFC's name of the transition
 * (IfcAlignmentHorizontalSegmentTypeEnum of IFC 4.3).
 */
export const transitions: Readonly<Record<string, Transition>> = {
  CLOTHOID: (t) => t ** 2 / 2,
  BLOSSCURVE: (t) => t ** 3 - t ** 4 / 2,
  COSINECURVE: (t) => t / 2 - Math.sin(Math.PI * t) / (2 * Math.PI),
  SINECURVE: (t) => t ** 2 / 2 + (Math.cos(2 * Math.PI * t) - 1) / (4 * Math.PI ** 2),
  HELMERTCURVE: (t) => (t <= 0.5 ? (2 * t ** 3) / 3 : 2 * t ** 2 - (2 * t ** 3) / 3 - t + 1 / 6),
  VIENNESEBEND: (t) => 7 * t ** 5 - 14 * t ** 6 + 10 * t ** 7 - (5 * t ** 8) / 2,
};

/**
 * The direction along a transition, from x, in radians.
 * @param curvatures - at the start and at the end, in 1/m
 */
export function directionOf(
  transition: Transition,
  length: number,
  [from, to]: readonly [number, number],
): (distance: number) => number {
  return (distance) => from * distance + (to - from) * length * transition(distance / length);
}
