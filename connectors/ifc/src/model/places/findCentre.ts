import { pointAt } from "../../curves/axes.js";
import type { IfcFile } from "../IfcFile.js";
import type { FilePoint } from "../records.js";
import type { Placements } from "./Placements.js";

/** So many products are looked at, spread over the file. */
const samples = 300;

/** In each of them so many instances are looked at for a point. */
const deepest = 60;

/** The centre is rounded to so many metres, so that it stays the same when the building changes. */
const coarse = 10_000;

/**
 * Where the contents of a file are, in metres, to 10 km: most files lie at their origin, but some have the coordinates of a
 * map in their placements, or in the points of their bodies.
 */
export function findCentre(file: IfcFile, placements: Placements, metresPerLength: number): FilePoint {
  const products = [...file.all("IFCPRODUCT")];
  const every = Math.max(1, Math.floor(products.length / samples));
  const points = products
    .filter((id, index) => index % every === 0 && file.reference(id, "Representation") !== undefined)
    .flatMap((id) => {
      const axes = placements.ofEntity(id);
      return axes === undefined ? [] : [pointAt(axes, scaled(farthestPoint(file, id), metresPerLength))];
    });
  const middle = (axis: 0 | 1) => {
    const sorted = points.map((point) => point[axis]).sort((left, right) => left - right);
    return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) / coarse) * coarse;
  };
  return [middle(0) + 0, middle(1) + 0, 0]; // no negative zero
}

/** One of the points of a body: the farthest one of some, since profiles and positions are near zero. */
function farthestPoint(file: IfcFile, product: number): FilePoint {
  const representation = file.reference(product, "Representation");
  const queue = representation === undefined ? [] : [representation];
  const seen = new Set(queue);
  let farthest: FilePoint = [0, 0, 0];
  for (let next = queue.shift(); next !== undefined && seen.size < deepest; next = queue.shift()) {
    const point = pointIn(file, next);
    if (point !== undefined && Math.hypot(...point) > Math.hypot(...farthest)) farthest = point;
    for (const { name } of file.schema.attributesOf(file.typeOf(next)))
      for (const id of file.references(next, name).slice(0, 3))
        if (!seen.has(id) && !file.isA(id, "IFCREPRESENTATIONCONTEXT")) {
          seen.add(id);
          queue.push(id);
        }
  }
  return farthest;
}

function pointIn(file: IfcFile, id: number): FilePoint | undefined {
  const type = file.typeOf(id);
  if (type === "IFCCARTESIANPOINT") return padded(file.numbers(id, "Coordinates"));
  if (type !== "IFCCARTESIANPOINTLIST3D") return undefined;
  const list = file.value(id, "CoordList");
  const [first] = Array.isArray(list) ? (list as readonly unknown[]) : [];
  return Array.isArray(first) ? padded((first as unknown[]).filter((value) => typeof value === "number")) : undefined;
}

function padded([x = 0, y = 0, z = 0]: readonly number[]): FilePoint {
  return [x, y, z];
}

function scaled([x, y, z]: FilePoint, factor: number): FilePoint {
  return [x * factor, y * factor, z * factor];
}
