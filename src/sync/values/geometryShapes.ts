/**
 * What entries of a geometry stream must be like (GeometryStreamEntryProps of core-common, and IModelJson of core-geometry),
 * found by trying what core-backend 5.7.3 does with each: of one that it does not understand it drops the entry or the whole
 * stream, without an error.
 */
import { meshShape } from "./meshShape.js";
import { isAngle } from "./primitiveFaults.js";
import { anything, isRecord, list, oneOf, record, shaped, within, type Shape } from "./shapes.js";

const number = shaped("a number", (value) => typeof value === "number");
const positive = shaped("a number above zero", (value) => typeof value === "number" && value > 0);
const flag = shaped("true or false", (value) => typeof value === "boolean");
const name = shaped("a text that is not empty", (value) => typeof value === "string" && value !== "");
const angle = shaped("an angle in degrees", (value) => typeof value === "number" || isAngle(value));
const sweep = shaped("the start and the end of the sweep in degrees, such as [0, 90]", isPair);
/** Whether there is such an element is another question. */
const id = shaped("the id of an element", (value) => typeof value === "string");

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((member) => typeof member === "number");
}

/** A point of two or three coordinates. */
export const point = shaped("a point such as [1, 2, 3]", (value) => {
  if (Array.isArray(value))
    return (
      isNumber(value[0]) && isNumber(value[1]) && (value.length === 2 || (value.length === 3 && isNumber(value[2])))
    );
  return isRecord(value) && isNumber(value.x) && isNumber(value.y);
});

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

/** A point with a weight has four numbers. */
const pole = shaped("a point such as [1, 2, 3], or with a weight [1, 2, 3, 1]", (value) => {
  return Array.isArray(value) && (value.length === 3 || value.length === 4) && value.every(isNumber);
});

const axes = { xyVectors: anything, zxVectors: anything, xyzVectors: anything, yawPitchRollAngles: anything };
const capped = { capped: flag };

/** Knots of a B-spline curve: as many as its points and its order together, unless it is closed. */
function knots(owner: Readonly<Record<string, unknown>>, key: string, count: number, order: unknown) {
  const value = owner[key] as unknown[];
  const expected = count + (order as number);
  if (value.length === expected || owner.closed === true || owner.closedU === true || owner.closedV === true)
    return undefined;
  return { property: `.${key}`, value, expected: `${expected} numbers: the number of its points plus its order` };
}

/** A shape with a rule that looks at several members. */
function also(shape: Shape, rule: (value: Readonly<Record<string, unknown>>) => ReturnType<Shape>): Shape {
  return (value) => shape(value) ?? rule(value as Readonly<Record<string, unknown>>);
}

const bcurve = also(
  record({ points: list(pole, 2), knots: list(number, 2), order: positive }, { closed: flag }),
  (value) => knots(value, "knots", (value.points as unknown[]).length, value.order),
);

const bsurf = also(
  record(
    {
      points: list(list(pole, 2), 2),
      uKnots: list(number, 2),
      vKnots: list(number, 2),
      orderU: positive,
      orderV: positive,
    },
    { closedU: flag, closedV: flag },
  ),
  (value) => {
    const rows = value.points as unknown[][];
    const width = rows[0]?.length ?? 0;
    const uneven = rows.findIndex((row) => row.length !== width);
    if (uneven >= 0)
      return {
        property: `.points[${uneven}]`,
        value: rows[uneven],
        expected: `a row of ${width} points, as the first one is`,
      };
    return knots(value, "uKnots", width, value.orderU) ?? knots(value, "vKnots", rows.length, value.orderV);
  },
);

const spiralMembers = ["startBearing", "endBearing", "startRadius", "endRadius", "length"];

const transitionSpiral = also(
  record(
    { origin: point },
    {
      ...axes,
      ...{ startBearing: angle, endBearing: angle, startRadius: number, endRadius: number, length: number },
      ...{
        curveLength: number,
        activeFractionInterval: anything,
        fractionInterval: anything,
        activeInterval: anything,
      },
      type: name,
    },
  ),
  (value) => {
    const given = spiralMembers.filter((key) => value[key] !== undefined);
    const isEnough = given.length >= 4 || (value.length !== undefined && given.length >= 3);
    return isEnough
      ? undefined
      : { property: "", value, expected: `a spiral with four of ${spiralMembers.join(", ")}` };
  },
);

const curves = new Map<string, Shape>([
  ["lineSegment", list(point, 2, 2)],
  ["lineString", list(point, 1)],
  ["arc", record({ center: point, vectorX: point, vectorY: point, sweepStartEnd: sweep })],
  ["bcurve", bcurve],
  ["transitionSpiral", transitionSpiral],
  [
    "interpolationCurve",
    record(
      { fitPoints: list(point, 2) },
      {
        ...{ order: number, closed: flag, knots: anything, startTangent: anything, endTangent: anything },
        ...{
          isChordLenKnots: anything,
          isColinearTangents: anything,
          isChordLenTangents: anything,
          isNaturalTangents: anything,
        },
      },
    ),
  ],
]);

const loop = list(oneOf(curves), 1);
const parityRegion = list(oneOf(new Map([["loop", loop]])), 1);
const regions = new Map([
  ["loop", loop],
  ["parityRegion", parityRegion],
]);
const collections = new Map<string, Shape>([["path", loop], ...regions, ["unionRegion", list(oneOf(regions), 1)]]);
const pointString = ["pointString", list(point, 1)] as const;

/** A bag may hold bags, so that it refers to itself. */
const bagOfCurves: Shape = (value) => list(oneOf(bagMembers), 1)(value);
const bagMembers = new Map<string, Shape>([...curves, pointString, ...collections, ["bagOfCurves", bagOfCurves]]);
const contour = oneOf(new Map([...collections, ["bagOfCurves", bagOfCurves]]));

/** An entry of a kind that has no place in geometry streams, although core-geometry has it. */
function dropped(instead: string): Shape {
  return shaped(`${instead}: an iModel drops this kind of geometry`, () => false);
}

/** A shape of which one of two members must be there. */
function eitherOf(shape: Shape, first: string, second: string, member: Shape): Shape {
  return also(shape, (value) =>
    value[first] === undefined && value[second] === undefined ? within(`.${first}`, member(undefined)) : undefined,
  );
}

const sizes = { baseY: number, topX: number, topY: number, topOrigin: point, height: number };
const solids = new Map<string, Shape>([
  [
    "box",
    eitherOf(
      record({ baseX: number }, { origin: point, baseOrigin: point, ...sizes, ...axes, ...capped }),
      "origin",
      "baseOrigin",
      point,
    ),
  ],
  [
    "sphere",
    eitherOf(
      record(
        { center: point },
        {
          ...{ radius: positive, radiusX: positive, radiusY: positive, radiusZ: positive, latitudeStartEnd: sweep },
          ...axes,
          ...capped,
        },
      ),
      "radius",
      "radiusX",
      positive,
    ),
  ],
  [
    "cone",
    eitherOf(
      record(
        { start: point, end: point },
        {
          ...{ radius: number, startRadius: number, endRadius: number, vectorX: point, vectorY: point },
          ...axes,
          ...capped,
        },
      ),
      "radius",
      "startRadius",
      number,
    ),
  ],
  ["cylinder", record({ start: point, end: point, radius: number }, capped)],
  [
    "torusPipe",
    record({ center: point, majorRadius: number, minorRadius: number }, { sweepAngle: angle, ...axes, ...capped }),
  ],
  ["linearSweep", record({ contour, vector: point }, capped)],
  ["rotationalSweep", record({ contour, center: point, axis: point, sweepAngle: angle }, capped)],
  ["ruledSweep", record({ contour: list(contour, 1) }, capped)],
  ["indexedMesh", meshShape(point)],
  ["bsurf", bsurf],
  ["brep", record({ data: name }, { type: number, transform: anything, faceSymbology: anything })],
]);

/** Entries that only make sense in three dimensions. With one of them an iModel drops the geometry of a 2d element. */
export const solidKinds: ReadonlySet<string> = new Set(solids.keys());

/** Entries that carry geometry. */
export const geometryShapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ...curves,
  pointString,
  ...collections,
  ["bagOfCurves", bagOfCurves],
  ...solids,
  ["geomPart", record({ part: id }, { origin: point, rotation: anything, scale: positive })],
  [
    "textString",
    record(
      { text: name, font: positive, height: positive },
      {
        ...{ widthFactor: number, bold: flag, italic: flag, underline: flag, origin: point, rotation: anything },
        glyphs: anything,
      },
    ),
  ],
  ["image", record({ corners: list(point, 4, 4), textureId: id }, { hasBorder: flag })],
  ["point", dropped("a pointString with one point")],
  ["coordinate", dropped("a pointString with one point")],
  ["akimaCurve", dropped("an interpolationCurve")],
]);

/** Entries that say how the geometry after them looks. */
export const attributeShapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["header", record({ flags: number })],
  [
    "appearance",
    record(
      {},
      {
        ...{ subCategory: id, color: number, weight: number, style: id },
        ...{ transparency: number, displayPriority: number, geometryClass: number },
      },
    ),
  ],
  ["styleMod", shaped("an object", isRecord)],
  [
    "fill",
    record({ display: number }, { transparency: number, backgroundFill: number, color: number, gradient: anything }),
  ],
  ["pattern", shaped("an object", isRecord)],
  ["material", record({ materialId: id }, { origin: anything, size: anything, rotation: anything })],
  ["subRange", record({ low: anything, high: anything })],
]);
