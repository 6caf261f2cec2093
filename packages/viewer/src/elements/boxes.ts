import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Placement3d } from "@itwin/core-common";
import { queryRowsOfIds, type QueryRow } from "itwin-connector-framework/internal";

type Point = [x: number, y: number, z: number];

/** A range in the iModel's coordinates, in metres. */
export interface Box {
  readonly low: Point;
  readonly high: Point;
}

const columns = [
  "e.ECInstanceId",
  ...["Origin.X", "Origin.Y", "Origin.Z", "Yaw", "Pitch", "Roll"],
  ...["BBoxLow.X", "BBoxLow.Y", "BBoxLow.Z", "BBoxHigh.X", "BBoxHigh.Y", "BBoxHigh.Z"],
].join(", ");

/** The ranges that elements in space take up. Elements without a place are left out. */
export function readBoxes(imodel: IModelDb, ids: readonly Id64String[]): Map<Id64String, Box> {
  const boxes = new Map<Id64String, Box>();
  const ecsqlOf = (list: string) =>
    `SELECT ${columns} FROM bis.GeometricElement3d e WHERE e.Origin IS NOT NULL AND e.BBoxLow IS NOT NULL AND e.ECInstanceId IN (${list})`;
  queryRowsOfIds(imodel, ids, ecsqlOf, (row) => {
    const [x = 0, y = 0, z = 0, yaw, pitch, roll, ...range] = numbersOf(row);
    const placement = Placement3d.fromJSON({
      origin: [x, y, z],
      angles: { yaw, pitch, roll },
      bbox: { low: range.slice(0, 3), high: range.slice(3) },
    });
    const { low, high } = placement.calculateRange();
    boxes.set(row.getValueId(0), { low: [low.x, low.y, low.z], high: [high.x, high.y, high.z] });
  });
  return boxes;
}

/** The numbers behind the id. */
function numbersOf(row: QueryRow): number[] {
  return Array.from({ length: 12 }, (_, index) => row.getValueDouble(index + 1));
}
