import type { LinePiece, MeshPiece, Vector } from "../graphics/BatchGraphics.js";
import { transformed } from "../graphics/PartGraphics.js";

/** Vertices of a primitive, in arrays as long as they need to be. */
export interface Vertices {
  readonly positions: Float32Array<ArrayBuffer>;
  readonly featureIds: Float32Array<ArrayBuffer>;
  readonly indices: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

/** Vertices with what makes a surface of them. */
export interface MeshVertices extends Vertices {
  readonly normals: Float32Array<ArrayBuffer>;
  /** From the upper left corner, as glTF counts. Undefined where there is no texture. */
  readonly uvs?: Float32Array<ArrayBuffer>;
}

/** Puts the meshes of elements into one. */
export function mergeMeshes(
  pieces: readonly MeshPiece[],
  center: Vector,
  featureOf: (element: number) => number,
): MeshVertices {
  const merged = new Merging(
    pieces.map(({ element, mesh, transform }) => ({
      element,
      points: transformed(mesh.points, transform),
      indices: mesh.indices,
    })),
    center,
    featureOf,
  );
  const normals = new Float32Array(merged.positions.length);
  const hasUvs = pieces.some(({ mesh }) => mesh.params.length > 0);
  const uvs = hasUvs ? new Float32Array((merged.positions.length / 3) * 2) : undefined;
  let first = 0;
  for (const { mesh, transform } of pieces) {
    normals.set(transform === undefined ? mesh.normals : turned(mesh.normals, transform), first);
    uvs?.set(mesh.params, (first / 3) * 2);
    first += mesh.points.length;
  }
  normalize(normals);
  if (uvs !== undefined) flip(uvs);
  return { ...merged, normals, uvs };
}

/** Puts the lines of elements into one. */
export function mergeLines(
  pieces: readonly LinePiece[],
  center: Vector,
  featureOf: (element: number) => number,
): Vertices {
  return new Merging(pieces, center, featureOf);
}

class Merging implements Vertices {
  public readonly positions: Float32Array<ArrayBuffer>;
  public readonly featureIds: Float32Array<ArrayBuffer>;
  public readonly indices: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

  public constructor(pieces: readonly LinePiece[], center: Vector, featureOf: (element: number) => number) {
    const count = pieces.reduce((sum, { points }) => sum + points.length / 3, 0);
    const indexCount = pieces.reduce((sum, { indices }) => sum + indices.length, 0);
    this.positions = new Float32Array(3 * count);
    this.featureIds = new Float32Array(count);
    // The largest number of 16 bits restarts a primitive.
    this.indices = count < 0xffff ? new Uint16Array(indexCount) : new Uint32Array(indexCount);
    let [vertex, place] = [0, 0];
    for (const { element, points, indices } of pieces) {
      this._addPoints(points, vertex, center);
      this.featureIds.fill(featureOf(element), vertex, vertex + points.length / 3);
      for (let i = 0; i < indices.length; i++) this.indices[place + i] = (indices[i] ?? 0) + vertex;
      vertex += points.length / 3;
      place += indices.length;
    }
  }

  private _addPoints(points: Float64Array, vertex: number, [x, y, z]: Vector): void {
    const { positions } = this;
    const first = 3 * vertex;
    for (let i = 0; i < points.length; i += 3) {
      positions[first + i] = (points[i] ?? 0) - x;
      positions[first + i + 1] = (points[i + 1] ?? 0) - y;
      positions[first + i + 2] = (points[i + 2] ?? 0) - z;
    }
  }
}

/** Turns normals by a transform, whose scale is the same along all axes. */
function turned(normals: Float32Array, transform: Float64Array): Float64Array {
  const rotation = Float64Array.from(transform);
  for (const place of [3, 7, 11]) rotation[place] = 0;
  return transformed(Float64Array.from(normals), rotation);
}

/** glTF takes normals of length 1 only. Those of triangles without an area have none. */
export function normalize(normals: Float32Array): void {
  for (let i = 0; i < normals.length; i += 3) {
    const [x, y, z] = [normals[i] ?? 0, normals[i + 1] ?? 0, normals[i + 2] ?? 0];
    const length = Math.sqrt(x * x + y * y + z * z);
    if (Math.abs(length - 1) < 1e-4) continue;
    const isUsable = length > 1e-12 && length < Infinity;
    normals[i] = isUsable ? x / length : 0;
    normals[i + 1] = isUsable ? y / length : 0;
    normals[i + 2] = isUsable ? z / length : 1;
  }
}

/** The platform counts from the lower left corner of a texture. */
function flip(uvs: Float32Array): void {
  for (let i = 1; i < uvs.length; i += 2) uvs[i] = 1 - (uvs[i] ?? 0);
}
