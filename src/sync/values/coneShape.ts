import { also, isRecord, type Shape } from "./shapes.js";
import type { ValueFault } from "./ValueFault.js";

type Vector = readonly [x: number, y: number, z: number];

/** Lengths and angles that differ by less are the same. */
const tolerance = 1e-8;

/**
 * A cone that the iModel keeps as it is. One with the same radius on both ends becomes a round cylinder, also where its
 * axes make it elliptic.
 */
export function coneShape(members: Shape): Shape {
  return also(members, (cone) => {
    const { radius, startRadius = radius, endRadius = startRadius } = cone;
    return startRadius === endRadius ? ellipseFault(cone) : undefined;
  });
}

function ellipseFault(cone: Readonly<Record<string, unknown>>): ValueFault | undefined {
  const key = ["xyzVectors", "xyVectors"].find((name) => Array.isArray(cone[name]));
  const [given, property] = key === undefined ? [[cone.vectorX, cone.vectorY], "vectorX"] : [cone[key], key];
  const [x, y, start, end] = [...(given as unknown[]).slice(0, 2), cone.start, cone.end].map(vectorOf);
  if (x === undefined || y === undefined || start === undefined || end === undefined) return undefined;
  const axis: Vector = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
  const isUpright = isZero(dot(x, axis), dot(axis, axis)) && isZero(dot(y, axis), dot(axis, axis));
  const isRound = isZero(dot(x, y), dot(x, x)) && isZero(dot(x, x) - dot(y, y), dot(x, x));
  if (!isUpright || isRound) return undefined;
  const expected =
    "two axes of one length at right angles: an iModel has no cylinder on an ellipse. Give a linearSweep";
  return { property: `.${property}`, value: given, expected };
}

function isZero(value: number, scale: number): boolean {
  return Math.abs(value) <= tolerance * Math.max(1, scale);
}

function dot(left: Vector, right: Vector): number {
  return left[0] * right[0] + left[1] * right[1] + left[2] * right[2];
}

function vectorOf(value: unknown): Vector | undefined {
  const [x, y, z = 0] = Array.isArray(value)
    ? (value as unknown[])
    : isRecord(value)
      ? [value.x, value.y, value.z]
      : [];
  return typeof x === "number" && typeof y === "number" ? [x, y, Number(z)] : undefined;
}
