import type { Curve } from "./Curve.js";
import { cross, distanceOf, dot, lengthOf, minus, plus, scaled, unit, up, type Vector } from "./vectors.js";

/** A line without ends, or a whole circle, in the plane. */
type Shape =
  | { readonly kind: "line"; readonly point: Vector; readonly direction: Vector }
  | { readonly kind: "circle"; readonly center: Vector; readonly radius: number };

/** How fine curves other than lines and circles are cut, in metres. */
const tolerance = 1e-5;

/**
 * Where two curves in the plane meet; lines and arcs also beyond their ends. Of several points, the one that is nearest to
 * both.
 */
export function intersect(first: Curve, second: Curve): Vector | undefined {
  const [shapes, others] = [shapesOf(first), shapesOf(second)];
  const points = shapes.flatMap((shape) => others.flatMap((other) => meet(shape, other)));
  const farness = (point: Vector) =>
    [first, second].reduce((sum, curve) => sum + distanceOf(curve.at(curve.parameterOf(point)), point), 0);
  let best: { point: Vector; farness: number } | undefined;
  for (const point of points) {
    const own = farness(point);
    if (best === undefined || own < best.farness - 1e-9) best = { point, farness: own };
  }
  return best?.point;
}

function shapesOf(curve: Curve): Shape[] {
  return curve.pieces(curve.start, curve.end, tolerance).flatMap((piece): Shape[] => {
    if (piece.kind === "arc" && Math.abs(lengthOf(piece.x) - lengthOf(piece.y)) < tolerance)
      return [{ kind: "circle", center: piece.center, radius: lengthOf(piece.x) }];
    const points = piece.kind === "line" ? piece.points : curve.sample(curve.start, curve.end, tolerance);
    return points.slice(1).map((point, index) => {
      const from = points[index] ?? point;
      return { kind: "line", point: from, direction: unit(minus(point, from)) };
    });
  });
}

function meet(first: Shape, second: Shape): Vector[] {
  if (first.kind === "line") return second.kind === "line" ? meetLines(first, second) : meetCircle(first, second);
  if (second.kind === "line") return meetCircle(second, first);
  return meetCircles(first, second);
}

type LineShape = Extract<Shape, { kind: "line" }>;
type CircleShape = Extract<Shape, { kind: "circle" }>;

function meetLines(first: LineShape, second: LineShape): Vector[] {
  const turn = cross(first.direction, second.direction)[2];
  if (Math.abs(turn) < 1e-9) return [];
  const share = cross(minus(second.point, first.point), second.direction)[2] / turn;
  return [plus(first.point, scaled(first.direction, share))];
}

function meetCircle({ point, direction }: LineShape, { center, radius }: CircleShape): Vector[] {
  const nearest = plus(point, scaled(direction, dot(minus(center, point), direction)));
  const half = radius ** 2 - distanceOf(nearest, center) ** 2;
  if (half < 0) return [];
  return [-1, 1].map((side) => plus(nearest, scaled(direction, side * Math.sqrt(half))));
}

function meetCircles(first: CircleShape, second: CircleShape): Vector[] {
  const distance = distanceOf(first.center, second.center);
  if (distance === 0) return [];
  const along = unit(minus(second.center, first.center));
  const near = (distance ** 2 + first.radius ** 2 - second.radius ** 2) / (2 * distance);
  const line: LineShape = { kind: "line", point: plus(first.center, scaled(along, near)), direction: cross(up, along) };
  return meetCircle(line, first);
}
