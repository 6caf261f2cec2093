import type { Appearance } from "./Appearances.js";

/** X, y and z. */
export type Vector = readonly [x: number, y: number, z: number];

/** Triangles. What it is relative to depends on where it is used. */
export interface MeshData {
  /** X, y and z of each vertex. */
  readonly points: Float64Array;
  readonly normals: Float32Array;
  /** U and v of each vertex, from the lower left corner of a texture. Empty where there are none. */
  readonly params: Float32Array;
  readonly indices: Int32Array;
}

/** The triangles of one element, of one appearance. */
export interface MeshPiece {
  /** The index of the element in its layer. */
  readonly element: number;
  readonly mesh: MeshData;
  /** Three rows of four numbers that lead from the mesh to the world. Undefined where the mesh is in the world. */
  readonly transform?: Float64Array;
}

/** Segments, or points, of one element, in the world. */
export interface LinePiece {
  readonly element: number;
  readonly points: Float64Array;
  /** Two for each segment. For points one each. */
  readonly indices: Int32Array;
}

/** Where an instance of a shape is. */
export interface Placement {
  readonly translation: Vector;
  /** A quaternion: x, y, z, w. */
  readonly rotation: readonly [x: number, y: number, z: number, w: number];
  readonly scale: Vector;
}

/** A mesh that is drawn at several places. */
export interface Shape {
  /** The same for the same mesh, in all batches. */
  readonly key: string;
  readonly mesh: MeshData;
}

/** An element that shows a shape. */
export interface Instance {
  readonly element: number;
  readonly placement: Placement;
}

/** All instances of a shape in a batch that look the same. */
export interface InstanceGroup {
  readonly shape: Shape;
  readonly appearance: Appearance;
  readonly instances: readonly Instance[];
}

/** The graphics of elements that lie together. */
export interface BatchGraphics {
  /** What is in the middle of the elements, about. Positions relative to it are exact in single precision. */
  readonly center: Vector;
  readonly meshes: ReadonlyMap<Appearance, readonly MeshPiece[]>;
  /** Lines and points. */
  readonly lines: ReadonlyMap<Appearance, readonly LinePiece[]>;
  readonly instances: readonly InstanceGroup[];
}

/** Adds a value to the list of a key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
