import type { LinePiece, ShapeGroup } from "../graphics/BatchGraphics.js";
import { identity, movePoints, withoutTranslation, type Vector } from "../graphics/Matrix.js";

/** Tells which feature an element is, by its index in its layer. */
export type FeatureOf = (element: number) => number;

/** Vertices of a primitive. */
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

/** Puts meshes into one, with positions relative to a point. */
export function mergeMeshes(groups: readonly ShapeGroup[], center: Vector, featureOf: FeatureOf): MeshVertices {
  const count = (of: (group: ShapeGroup) => number) =>
    groups.reduce((sum, group) => sum + of(group) * group.placements.length, 0);
  const vertexCount = count(({ shape }) => shape.mesh.points.length / 3);
  const hasUvs = groups.some(({ shape }) => shape.mesh.params.length > 0);
  const normals = new Float32Array(3 * vertexCount);
  const uvs = hasUvs ? new Float32Array(2 * vertexCount) : undefined;
  const merged = newVertices(
    vertexCount,
    count(({ shape }) => shape.mesh.indices.length),
  );
  let [vertex, place] = [0, 0];
  for (const { shape, placements } of groups) {
    const { points, params, indices } = shape.mesh;
    placements.elements.forEach((element, index) => {
      const matrix = placements.matrix(index);
      movePoints(merged.positions, 3 * vertex, points, matrix, center);
      movePoints(normals, 3 * vertex, shape.mesh.normals, withoutTranslation(matrix));
      uvs?.set(params, 2 * vertex);
      addIndices(merged, { first: vertex, place, count: points.length / 3 }, indices, featureOf(element));
      vertex += points.length / 3;
      place += indices.length;
    });
  }
  normalize(normals);
  if (uvs !== undefined) flip(uvs);
  return { ...merged, normals, uvs };
}

/** Puts lines, or points, into one primitive, with positions relative to a point. */
export function mergeLines(pieces: readonly LinePiece[], center: Vector, featureOf: FeatureOf): Vertices {
  const count = (of: (piece: LinePiece) => number) => pieces.reduce((sum, piece) => sum + of(piece), 0);
  const merged = newVertices(
    count(({ points }) => points.length / 3),
    count(({ indices }) => indices.length),
  );
  let [vertex, place] = [0, 0];
  for (const { element, points, indices } of pieces) {
    movePoints(merged.positions, 3 * vertex, points, identity, center);
    addIndices(merged, { first: vertex, place, count: points.length / 3 }, indices, featureOf(element));
    vertex += points.length / 3;
    place += indices.length;
  }
  return merged;
}

function newVertices(vertexCount: number, indexCount: number): Vertices {
  return {
    positions: new Float32Array(3 * vertexCount),
    featureIds: new Float32Array(vertexCount),
    // The largest number of 16 bits restarts a primitive.
    indices: vertexCount < 0xffff ? new Uint16Array(indexCount) : new Uint32Array(indexCount),
  };
}

/** Where the vertices and indices of a piece go. */
interface Range {
  readonly first: number;
  readonly count: number;
  readonly place: number;
}

function addIndices(vertices: Vertices, { first, count, place }: Range, indices: Int32Array, feature: number): void {
  vertices.featureIds.fill(feature, first, first + count);
  for (let i = 0; i < indices.length; i++) vertices.indices[place + i] = (indices[i] ?? 0) + first;
}

/** glTF takes normals of length 1 only. Those of triangles without an area have none. */
function normalize(normals: Float32Array): void {
  for (let i = 0; i < normals.length; i += 3) {
    const x = normals[i] ?? 0;
    const y = normals[i + 1] ?? 0;
    const z = normals[i + 2] ?? 0;
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
