import type { IModelDb } from "@itwin/core-backend";
import { ElementGeometry, type ElementGeometryInfo } from "@itwin/core-common";
import { Transform, type Point3d, PointString3d } from "@itwin/core-geometry";
import type { LinePiece } from "./BatchGraphics.js";

/** Positions that are the same to a micrometre have the same name. */
const toName = (x: number, y: number, z: number) => [x, y, z].map((value) => Math.round(value * 1e6)).join(" ");

/** Lines, and the points that were among them. */
interface Separated {
  readonly lines: LinePiece;
  readonly points: LinePiece;
}

/**
 * Reads the point strings of an element, in the world. `exportGraphics` gives them as lines from point to point.
 * Those within GeometryParts stay lines.
 */
export function readPointStrings(imodel: IModelDb, elementId: string): PointString3d[] {
  const strings: PointString3d[] = [];
  const onGeometry = (info: ElementGeometryInfo) => {
    const toWorld = info.sourceToWorld === undefined ? undefined : ElementGeometry.toTransform(info.sourceToWorld);
    for (const entry of info.entryArray) {
      if (!ElementGeometry.isGeometryQueryEntry(entry)) continue;
      const query = ElementGeometry.toGeometryQuery(entry, toWorld ?? Transform.createIdentity());
      if (query instanceof PointString3d) strings.push(query);
    }
  };
  imodel.elementGeometryRequest({ elementId, skipBReps: true, onGeometry });
  return strings;
}

/** Takes the points of point strings, and segments without a length, out of lines. */
export function separatePoints({ element, points, indices }: LinePiece, strings: readonly PointString3d[]): Separated {
  const segments = new Set<string>();
  for (const { points: corners } of strings)
    corners.slice(1).forEach((corner, index) => segments.add(segmentName(corners[index], corner)));
  const [lines, single] = [new Array<number>(), new Set<number>()];
  const nameAt = (index: number) =>
    toName(points[3 * index] ?? 0, points[3 * index + 1] ?? 0, points[3 * index + 2] ?? 0);
  for (let i = 0; i < indices.length; i += 2) {
    const [from, to] = [indices[i] ?? 0, indices[i + 1] ?? 0];
    const [start, end] = [nameAt(from), nameAt(to)];
    if (start === end) single.add(from);
    else if (segments.has(`${start}, ${end}`)) single.add(from).add(to);
    else lines.push(from, to);
  }
  return {
    lines: { element, points, indices: Int32Array.from(lines) },
    points: { element, points, indices: Int32Array.from(single) },
  };
}

function segmentName(from: Point3d | undefined, to: Point3d): string {
  return `${from === undefined ? "" : toName(from.x, from.y, from.z)}, ${toName(to.x, to.y, to.z)}`;
}
