import {
  ElementGeometry,
  ElementGeometryOpcode,
  type ElementGeometryDataEntry,
  type GeometryStreamEntryProps,
} from "@itwin/core-common";
import { GeometryQuery, IModelJson, Point3d, type Range3d, type XYZProps } from "@itwin/core-geometry";
import { geometryShapes, solidKinds } from "../../sync/values/geometryShapes.js";
import { isRecord } from "../../sync/values/shapes.js";

/** Distances in meters that make no difference. */
const tolerance = 1e-6;

/** An entry that carries geometry. */
interface Piece {
  kind: string;
  range?: Range3d;
}

/** Props with geometry. */
type Props = Readonly<Record<string, unknown>>;

/** How the geometry that was given differs from what the iModel holds, in words. */
export function findGeometryLoss(given: Props, held: Props): string | undefined {
  const [left, right] = [piecesOf(given), piecesOf(held)];
  if (left.length > 0 && right.length === 0) return "its geometry is not in the iModel";
  const [leftKinds, rightKinds] = [kindsOf(left), kindsOf(right)];
  if (leftKinds !== rightKinds) return `its geometry is ${leftKinds} in the source and ${rightKinds} in the iModel`;
  const at = left.findIndex(({ range }, index) => !isSameRange(range, right[index]?.range));
  if (at < 0) return undefined;
  return `${left[at]?.kind} ${at} of its geometry reaches ${describe(left[at]?.range)} in the source and ${describe(right[at]?.range)} in the iModel`;
}

function kindsOf(pieces: readonly Piece[]): string {
  return `[${pieces.map(({ kind }) => kind).join(", ")}]`;
}

function describe(range: Range3d | undefined): string {
  return range === undefined ? "nowhere" : `from ${textOf(range.low)} to ${textOf(range.high)}`;
}

function textOf({ x, y, z }: Point3d): string {
  return [x, y, z].join();
}

/** Of a body without a volume core-geometry cannot tell the range. */
function isSameRange(left: Range3d | undefined, right: Range3d | undefined): boolean {
  if (left === undefined || right === undefined) return true;
  const isNear = (one: number, other: number) => Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one));
  return (["low", "high"] as const).every((end) =>
    (["x", "y", "z"] as const).every((axis) => isNear(left[end][axis], right[end][axis])),
  );
}

function piecesOf({ geom, elementGeometryBuilderParams }: Props): Piece[] {
  const entries = (elementGeometryBuilderParams as { entryArray: ElementGeometryDataEntry[] } | undefined)?.entryArray;
  if (entries !== undefined) return entries.flatMap(pieceOfData);
  return Array.isArray(geom) ? geom.flatMap((entry: GeometryStreamEntryProps) => pieceOf(entry)) : [];
}

function pieceOf(entry: GeometryStreamEntryProps): Piece[] {
  const [kind, value] = firstMember(entry);
  if (!geometryShapes.has(kind)) return [];
  const geometry: unknown = IModelJson.Reader.parse(readable(kind, value) ?? entry);
  return [{ kind: plainKind(kind, value), range: geometry instanceof GeometryQuery ? geometry.range() : undefined }];
}

/** An entry as core-geometry reads it, which the iModel takes in more forms. */
function readable(kind: string, value: unknown): object | undefined {
  if (!isRecord(value)) return undefined;
  const { point } = value;
  if (kind === "indexedMesh" && Array.isArray(point))
    return { [kind]: { ...value, point: point.map((member: XYZProps) => Point3d.fromJSON(member).toArray()) } };
  return solidKinds.has(kind) && value.capped === undefined ? { [kind]: { ...value, capped: false } } : undefined;
}

function firstMember(entry: object): [key: string, value: unknown] {
  const members = Object.entries(entry) as [string, unknown][];
  return members.find(([, member]) => member !== undefined) ?? ["", undefined];
}

/** Kinds that are one in the iModel. */
const sameKinds = new Map([
  ["lineSegment", "lineString"],
  ["cone", "cylinder"],
]);

/** The kind as the iModel has it: a curve that is alone in its collection loses that. */
function plainKind(kind: string, value: unknown): string {
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
  if (!isRecord(only)) return sameKinds.get(kind) ?? kind;
  const [inner, content] = firstMember(only);
  const isAlone = kind === "path" || kind === "bagOfCurves" || (kind === "loop" && inner === "lineSegment");
  return isAlone ? plainKind(inner, content) : kind;
}

const kindsOfData = new Map([
  [ElementGeometryOpcode.PartReference, "geomPart"],
  [ElementGeometryOpcode.TextString, "textString"],
  [ElementGeometryOpcode.BRep, "brep"],
  [ElementGeometryOpcode.Image, "image"],
]);

function pieceOfData(entry: ElementGeometryDataEntry): Piece[] {
  const kind = kindsOfData.get(entry.opcode);
  if (kind !== undefined) return [{ kind }];
  const geometry = ElementGeometry.toGeometryQuery(entry);
  return geometry === undefined ? [] : pieceOf(IModelJson.Writer.toIModelJson(geometry) as GeometryStreamEntryProps);
}
