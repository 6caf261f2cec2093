import { isFiniteNumber } from "./primitiveFaults.js";
import { also, list, record, shaped, within, type Shape } from "./shapes.js";
import type { ValueFault } from "./ValueFault.js";

/** A B-spline of a higher order is dropped. */
const highestOrder = 26;

const flag = shaped("true or false", (value) => typeof value === "boolean");
const order = shaped(
  `a whole number from 2 to ${highestOrder}`,
  (value) => Number.isInteger(value) && Number(value) >= 2 && Number(value) <= highestOrder,
);

/** A point with a weight has four numbers. */
const pole = shaped("a point such as [1, 2, 3], or with a weight above zero [1, 2, 3, 1]", (value) => {
  if (!Array.isArray(value) || !value.every(isFiniteNumber)) return false;
  return value.length === 3 || (value.length === 4 && Number(value[3]) > 0);
});

/** Knots that never decrease. */
const knots: Shape = (value) => {
  const fault = list(shaped("a number", isFiniteNumber), 2)(value);
  if (fault !== undefined) return fault;
  const numbers = value as number[];
  const at = numbers.findIndex((knot, index) => index > 0 && knot < Number(numbers[index - 1]));
  if (at >= 0) return { property: `[${at}]`, value: numbers[at], expected: "no less than the knot before it" };
  if (numbers[0] !== numbers.at(-1)) return undefined;
  return { property: "", value, expected: "numbers of which the last one is above the first one" };
};

/** The knots of a curve, or of a surface in one direction. */
interface Knots {
  key: string;
  values: readonly number[];
  order: number;
  /** How many points there are in this direction. */
  count: number;
  orderKey: string;
  isClosed: boolean;
}

/** What is wrong with knots beside the points that they belong to. */
function knotsFault({ key, values, order: wanted, count, orderKey, isClosed }: Knots): ValueFault | undefined {
  if (wanted > count)
    return { property: `.${orderKey}`, value: wanted, expected: `at most ${count}, the number of its points` };
  const expected = count + wanted;
  if (values.length !== expected && !isClosed)
    return {
      property: `.${key}`,
      value: values,
      expected: `${expected} numbers: the number of its points plus its order`,
    };
  const at = values.findIndex((knot, index) => knot === values[index + wanted]);
  if (at < 0) return undefined;
  return { property: `.${key}[${at}]`, value: values[at], expected: `a knot that is there at most ${wanted} times` };
}

/** Points of which all have a weight, or none. Otherwise the weights would be dropped. */
function weightsFault(points: readonly (readonly number[])[]): ValueFault | undefined {
  const size = points[0]?.length;
  const at = points.findIndex(({ length }) => length !== size);
  if (at < 0) return undefined;
  return { property: `[${at}]`, value: points[at], expected: `${size} numbers, as the first point has` };
}

/** A B-spline curve. */
export const bcurve: Shape = also(
  record({ points: list(pole, 2), knots, order }, { closed: flag }),
  ({ points, knots: values, order: wanted, closed }) =>
    within(".points", weightsFault(points as number[][])) ??
    knotsFault({
      key: "knots",
      values: values as number[],
      order: wanted as number,
      count: (points as unknown[]).length,
      orderKey: "order",
      isClosed: closed === true,
    }),
);

/** A B-spline surface. */
export const bsurf: Shape = also(
  record(
    { points: list(list(pole, 2), 2), uKnots: knots, vKnots: knots, orderU: order, orderV: order },
    { closedU: flag, closedV: flag },
  ),
  (surface) => {
    const rows = surface.points as number[][][];
    const width = rows[0]?.length ?? 0;
    const isClosed = surface.closedU === true || surface.closedV === true;
    return (
      rowsFault(rows, width) ??
      directionFault(surface, { direction: "u", count: width, isClosed }) ??
      directionFault(surface, { direction: "v", count: rows.length, isClosed })
    );
  },
);

function rowsFault(rows: readonly number[][][], width: number): ValueFault | undefined {
  const uneven = rows.findIndex((row) => row.length !== width);
  if (uneven >= 0)
    return {
      property: `.points[${uneven}]`,
      value: rows[uneven],
      expected: `a row of ${width} points, as the first one is`,
    };
  const fault = weightsFault(rows.flat());
  if (fault === undefined) return undefined;
  const at = Number(/\d+/.exec(fault.property)?.[0]);
  return { ...fault, property: `.points[${Math.floor(at / width)}][${at % width}]` };
}

function directionFault(
  surface: Readonly<Record<string, unknown>>,
  { direction, count, isClosed }: { direction: "u" | "v"; count: number; isClosed: boolean },
): ValueFault | undefined {
  const [key, orderKey] = [`${direction}Knots`, `order${direction.toUpperCase()}`];
  const [values, wanted] = [surface[key] as number[], surface[orderKey] as number];
  return knotsFault({ key, values, order: wanted, count, orderKey, isClosed });
}
