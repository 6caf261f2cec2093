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
  /** How the datum was shifted to find the location, as {@link Transformation.shift} says it. */
  readonly shift: string;
  /** The grid of the shift, if it has one. */
  readonly grid?: string;
  /** The location, column by column: if another program has moved the iModel, the frame is of no use any more. */
  readonly location: readonly number[];
}

const property = { namespace: "itwin-connector-framework", name: "Frame" };

/** Reads the frame of an iModel; undefined where it has none that holds. */
export function readFrame(imodel: IModelDb): StoredFrame | undefined {
  const text = imodel.queryFilePropertyString(property);
  if (text === undefined) return undefined;
  const frame = JSON.parse(text) as StoredFrame;
  const { ecefLocation } = imodel;
  return ecefLocation !== undefined && isSame(numbersOf(ecefLocation), frame.location) ? frame : undefined;
}

/** Keeps the frame of an iModel, which has got its place. */
export function writeFrame(imodel: IModelDb, frame: Omit<StoredFrame, "location">, location: EcefLocation): void {
  const stored: StoredFrame = { ...frame, location: numbersOf(location) };
  imodel.saveFileProperty(property, JSON.stringify(stored));
}

/** The origin in metres, then the directions of x and y with their scale. */
function numbersOf(location: EcefLocation): number[] {
  const { origin, matrix } = location.getTransform();
  const [x, y] = [matrix.columnX(), matrix.columnY()];
  return [origin.x, origin.y, origin.z, x.x, x.y, x.z, y.x, y.y, y.z];
}

/** Within a millimetre, also 10 km away. */
function isSame(left: readonly number[], right: readonly number[]): boolean {
  return left.every((value, index) => Math.abs(value - (right[index] ?? NaN)) < (index < 3 ? 1e-3 : 1e-7));
}
