import type { PlacedMesh } from "../model/records.js";

/** The memory of meshes, which moves to another thread instead of being copied. */
export function buffersOf({ meshes }: { meshes: readonly Pick<PlacedMesh, "points" | "triangles">[] }): ArrayBuffer[] {
  return meshes.flatMap(({ points, triangles }) => [points.buffer as ArrayBuffer, triangles.buffer as ArrayBuffer]);
}
