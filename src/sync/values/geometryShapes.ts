/**
 * What entries of a geometry stream must be like (GeometryStreamEntryProps of core-common, and IModelJson of core-geometry),
 * found by trying what core-backend 5.7.3 does with each: of one that it does not understand it drops the entry or the whole
 * stream, without an error.
 */
import { meshShape } from "./meshShape.js";
import { isAngle } from "./primitiveFaults.js";
import { coneShape } from "./coneShape.js";
import { also, anything, isRecord, list, oneOf, record, shaped, within, type Shape } from "./shapes.js";
import { bcurve, bsurf } from "./splineShapes.js";

const number = shaped("a number", (value) => typeof value === "number");
const positive = shaped("a number above zero", (value) => typeof value === "number" && value > 0);
const flag = shaped("true or false", (value) => typeof value === "boolean");
const notZero = shaped("a number other than zero", (value) => typeof value === "number" && value !== 0);
const name = shaped("a text that is not empty", (value) => typeof value === "string" && value !== "");
const angle = shaped("an angle in degrees", (value) => typeof value === "number" || isAngle(value));
const angles = record({}, { yaw: angle, pitch: angle, roll: angle });
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

const axes = { xyVectors: anything, zxVectors: anything, xyzVectors: anything, yawPitchRollAngles: anything };
const capped = { capped: flag };

const spiralTypes = [
  ...["clothoid", "bloss", "biquadratic", "cosine", "sine"],
  ...["Arema", "AustralianRailCorp", "ChineseCubic", "Czech", "HalfCosine", "Italian", "JapaneseCubic"],
  ...["MXCubicAlongArc", "Polish", "WesternAustralian"],
];

/** The case of letters makes no difference. */
function isSpiralType(value: unknown): boolean {
  return typeof value === "string" && spiralTypes.some((type) => type.toLowerCase() === value.toLowerCase());
}

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
      type: shaped(`one of ${spiralTypes.join(", ")}`, isSpiralType),
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

/** What Parasolid writes begins with these words, after a few bytes. Anything else drops the whole geometry. */
const brepData = shaped("the data of a Parasolid body in Base64", (value) => {
  if (typeof value !== "string") return false;
  const beginning = Buffer.from(value.replace("encoding=base64;", "").slice(0, 200), "base64").toString("latin1");
  return beginning.includes("TRANSMIT FILE");
});

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
    coneShape(
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
  ["brep", record({ data: brepData }, { type: number, transform: anything, faceSymbology: anything })],
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
  ["geomPart", record({ part: id }, { origin: point, rotation: angles, scale: positive })],
  [
    "textString",
    record(
      { text: name, font: positive, height: positive },
      {
        ...{ widthFactor: notZero, bold: flag, italic: flag, underline: flag, origin: point, rotation: angles },
        glyphs: anything,
      },
    ),
  ],
  ["image", record({ corners: list(point, 4, 4), textureId: id }, { hasBorder: flag })],
  ["point", dropped("a pointString with one point")],
  ["coordinate", dropped("a pointString with one point")],
  ["akimaCurve", dropped("an interpolationCurve")],
]);

/** A number that a color, a weight or a choice is stored as. */
function wholeUpTo(most: number): Shape {
  const isRight = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
  return shaped(`a whole number from 0 to ${most}`, isRight);
}

const [color, weight] = [wholeUpTo(2 ** 32 - 1), wholeUpTo(2 ** 32 - 1)];
const priority = shaped("a whole number", (value) => Number.isInteger(value));

/** Entries that say how the geometry after them looks. */
export const attributeShapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["header", record({ flags: number })],
  [
    "appearance",
    record(
      {},
      {
        ...{ subCategory: id, color, weight, style: id },
        ...{ transparency: number, displayPriority: priority, geometryClass: wholeUpTo(3) },
      },
    ),
  ],
  [
    "styleMod",
    record(
      {},
      {
        ...{ scale: number, dashScale: number, gapScale: number, startWidth: number, endWidth: number },
        ...{ distPhase: number, fractPhase: number, centerPhase: flag, segmentMode: flag, physicalWidth: flag },
        ...{ normal: point, rotation: angles },
      },
    ),
  ],
  [
    "fill",
    record(
      { display: wholeUpTo(3) },
      { transparency: number, backgroundFill: wholeUpTo(2), color, gradient: anything },
    ),
  ],
  [
    "pattern",
    record(
      {},
      {
        ...{ origin: point, rotation: angles, space1: number, space2: number, angle1: angle, angle2: angle },
        ...{ scale: number, color, weight, invisibleBoundary: flag, snappable: flag },
        ...{ symbolId: id, defLines: list(anything, 0) },
      },
    ),
  ],
  ["material", record({ materialId: id }, { origin: anything, size: anything, rotation: anything })],
  ["subRange", record({ low: anything, high: anything })],
]);
