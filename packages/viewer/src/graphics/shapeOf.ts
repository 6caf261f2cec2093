import type { MeshData, Placement, Shape, Vector } from "./BatchGraphics.js";
import { noRotation, type Frame } from "./Frame.js";

/** Meshes that differ by less, in metres, have the same shape: half of what is promised of positions, in hundredths. */
const grid = 1e-5;

/** A mesh as a shape at a place. */
export interface PlacedShape {
  readonly shape: Shape;
  readonly placement: Placement;
}

/** Vertices relative to the first one, in the frame of the placement of their element. */
interface LocalMesh extends MeshData {
  readonly low: Vector;
  readonly high: Vector;
}

/**
 * Finds the shape of a mesh: what is left of it without its place. Meshes all of whose vertices are corners of a box
 * along the axes have the same shape whatever their size.
 * @param frame - the rotation of the element's placement
 */
export function shapeOf(mesh: MeshData, frame: Frame | undefined): PlacedShape {
  const local = localMesh(mesh, frame);
  const { low, high } = local;
  const scale: Vector = isBox(local)
    ? [sizeOr1(high[0] - low[0]), sizeOr1(high[1] - low[1]), sizeOr1(high[2] - low[2])]
    : [1, 1, 1];
  for (let i = 0; i < local.points.length; i += 3)
    for (let axis = 0; axis < 3; axis++)
      local.points[i + axis] = ((local.points[i + axis] ?? 0) - (low[axis] ?? 0)) / (scale[axis] ?? 1);
  const offset = frame === undefined ? low : frame.toWorld(low);
  const [x = 0, y = 0, z = 0] = mesh.points;
  return {
    shape: { key: keyOf(local), mesh: local },
    placement: {
      translation: [x + offset[0], y + offset[1], z + offset[2]],
      rotation: frame?.rotation ?? noRotation,
      scale,
    },
  };
}

function localMesh({ points, normals, params, indices }: MeshData, frame: Frame | undefined): LocalMesh {
  const local = new Float64Array(points.length);
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  const [x = 0, y = 0, z = 0] = points;
  for (let i = 0; i < points.length; i += 3) {
    local[i] = (points[i] ?? 0) - x;
    local[i + 1] = (points[i + 1] ?? 0) - y;
    local[i + 2] = (points[i + 2] ?? 0) - z;
  }
  frame?.toLocal(local);
  for (let i = 0; i < local.length; i++) {
    const [axis, value] = [i % 3, local[i] ?? 0];
    if (value < (low[axis] ?? 0)) low[axis] = value;
    if (value > (high[axis] ?? 0)) high[axis] = value;
  }
  return { points: local, normals: localNormals(normals, frame), params, indices, low, high };
}

function localNormals(normals: Float32Array, frame: Frame | undefined): Float32Array {
  if (frame === undefined) return normals;
  const local = Float64Array.from(normals);
  frame.toLocal(local);
  return Float32Array.from(local);
}

/** Whether scaling along the axes leaves the normals as they are, and makes a mesh of the same shape. */
function isBox({ points, normals, low, high }: LocalMesh): boolean {
  for (let i = 0; i < points.length; i++) {
    const [axis, value] = [i % 3, points[i] ?? 0];
    const [from, to] = [low[axis] ?? 0, high[axis] ?? 0];
    if (Math.min(value - from, to - value) > grid / 10) return false;
  }
  return normals.every((value) => Math.abs(value) < 1e-6 || Math.abs(value) > 1 - 1e-6);
}

function sizeOr1(size: number): number {
  return size > grid ? size : 1;
}

/** A hash of 64 bits, in two halves, of all that makes a mesh what it is. */
function keyOf({ points, normals, params, indices }: MeshData): string {
  let [high, low] = [points.length, indices.length];
  const add = (value: number) => {
    high = Math.imul(high ^ value, 0x85ebca6b);
    high ^= high >>> 13;
    low = Math.imul(low ^ value, 0xc2b2ae35);
    low ^= low >>> 16;
  };
  for (const value of points) add(Math.round(value / grid));
  for (const value of normals) add(Math.round(value * 100));
  for (const value of params) add(Math.round(value * 1e4));
  for (const value of indices) add(value);
  return `${points.length / 3} ${high} ${low}`;
}
