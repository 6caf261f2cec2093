import type { IModelDb } from "@itwin/core-backend";
import type { EcefLocation } from "@itwin/core-common";

/** How the plane of an iModel lies on the Earth, as it is kept in the iModel. */
export interface StoredFrame {
  /** The coordinate system of the plane, as a text. */
  readonly crs: string;
  /** What the iModel's origin is in the plane, in metres. */
  readonly origin: readonly [east: number, north: number];
  /** From the x axis of the plane to that of the iModel, in radians. */
  readonly rotation: number;
  /** Metres in the plane for each metre of the iModel. */
  readonly scale: number;
  /** The height of the iModel's origin, in metres. */
  readonly height: number;
  /** What heights are above; undefined if nobody has said. */
  readonly heights?: "ellipsoid" | "sea";
  /** Where the iModel's origin was on the Earth: if another program has moved it, the frame is of no use any more. */
  readonly ecef: readonly [x: number, y: number, z: number];
}

const property = { namespace: "itwin-connector-framework", name: "Frame" };

/** Reads the frame of an iModel; undefined where it has none that holds. */
export function readFrame(imodel: IModelDb): StoredFrame | undefined {
  const text = imodel.queryFilePropertyString(property);
  if (text === undefined) return undefined;
  const frame = JSON.parse(text) as StoredFrame;
  const origin = imodel.ecefLocation?.origin;
  const [x, y, z] = frame.ecef;
  return origin !== undefined && Math.hypot(origin.x - x, origin.y - y, origin.z - z) < 0.001 ? frame : undefined;
}

/** Keeps the frame of an iModel, which has got its place. */
export function writeFrame(imodel: IModelDb, frame: Omit<StoredFrame, "ecef">, { origin }: EcefLocation): void {
  const stored: StoredFrame = { ...frame, ecef: [origin.x, origin.y, origin.z] };
  imodel.saveFileProperty(property, JSON.stringify(stored));
}
