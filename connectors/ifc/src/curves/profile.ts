import { integrate } from "./Curve.js";

/** The heights of a vertical segment, by the distance from its start, in metres. */
export type Heights = (distance: number) => number;

/** What a vertical segment of an alignment is made from, in metres. */
export interface VerticalShape {
  readonly length: number;
  readonly height: number;
  /** Rises per length at the ends. */
  readonly gradients: readonly [start: number, end: number];
}

/** The shapes of vertical segments by IFC's name (IfcAlignmentVerticalSegmentTypeEnum of IFC 4.3). */
export const verticalShapes: Readonly<Record<string, (shape: VerticalShape) => Heights>> = {
  CONSTANTGRADIENT:
    ({ height, gradients: [start] }) =>
    (d) =>
      height + start * d,
  PARABOLICARC:
    ({ length, height, gradients: [start, end] }) =>
    (d) =>
      height + start * d + ((end - start) * d * d) / (2 * length),
  CIRCULARARC: circular,
  CLOTHOID: clothoid,
};

/** The angle's sine grows evenly along the horizontal. */
function circular({ length, height, gradients }: VerticalShape): Heights {
  const [start, end] = gradients.map(Math.atan) as [number, number];
  const turn = Math.sin(end) - Math.sin(start);
  if (Math.abs(turn) < 1e-12) return (d) => height + gradients[0] * d;
  const radius = length / turn;
  return (d) => height + radius * (Math.cos(start) - Math.cos(Math.asin(Math.sin(start) + d / radius)));
}

/** The curvature grows from 0, evenly along the curve, so that its angle grows with the square of the way. */
function clothoid({ length, height, gradients }: VerticalShape): Heights {
  const [start, end] = gradients.map(Math.atan) as [number, number];
  const angleAt = (share: number) => start + (end - start) * share * share;
  const sum = (share: number, of: (angle: number) => number) => {
    const steps = Array.from({ length: 8 }, (_, index) => (share * index) / 8);
    return steps.reduce((total, from) => total + integrate(from, from + share / 8, (at) => of(angleAt(at))), 0);
  };
  const way = length / sum(1, Math.cos);
  return (d) => {
    let share = d / length;
    for (let round = 0; round < 20; round++) {
      const miss = d - way * sum(share, Math.cos);
      if (Math.abs(miss) < 1e-10) break;
      share += miss / (way * Math.cos(angleAt(share)));
    }
    return height + way * sum(share, Math.sin);
  };
}
