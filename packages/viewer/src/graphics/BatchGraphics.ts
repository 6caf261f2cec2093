import type { Appearance } from "./Appearances.js";
import type { Vector } from "./Matrix.js";
import type { Placements } from "./Placements.js";

/** Triangles. */
export interface MeshData {
  /** X, y and z of each vertex. */
  readonly points: Float64Array;
  readonly normals: Float32Array;
  /** U and v of each vertex, from the lower left corner of a texture. Empty where there is no texture. */
  readonly params: Float32Array;
  readonly indices: Int32Array;
}

/** A mesh without its place. */
export interface Shape {
  /** The same for the same mesh, in all batches. */
  readonly key: string;
  readonly mesh: MeshData;
  /** Whether a GeometryPart says so, or the shape was found. */
  readonly isPart: boolean;
}

/** Elements that show a shape, and look the same. */
export interface ShapeGroup {
  readonly shape: Shape;
  readonly appearance: Appearance;
  readonly placements: Placements;
}

/** Segments, or points, of one element, in the world. */
export interface LinePiece {
  /** The index of the element in its layer. */
  readonly element: number;
  readonly points: Float64Array;
  /** Two for each segment, and one for each point. */
  readonly indices: Int32Array;
}

/** The graphics of elements that lie together. */
export interface BatchGraphics {
  /** What is in the middle of the elements, about. Positions relative to it are exact in single precision. */
  readonly center: Vector;
  /** Meshes that are put together to one for each appearance. */
  readonly meshes: ReadonlyMap<Appearance, readonly ShapeGroup[]>;
  /** Meshes that are written once, and drawn at each place. */
  readonly instances: readonly ShapeGroup[];
  /** Lines and points. */
  readonly lines: ReadonlyMap<Appearance, readonly LinePiece[]>;
}

/** Adds a value to the list of a key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
