import type { PlacedMesh } from "../model/records.js";

/** A slice as a mesher gets it. */
export interface MesherSlice {
  /** The text of the slice, which moves to the mesher. */
  readonly text: Uint8Array;
  /** In how many segments circles are cut. */
  readonly segments: number;
  /** Metres in the unit of the file's lengths. */
  readonly metresPerLength: number;
}

/** A mesh without what only the file tells. */
export interface RawMesh extends Omit<PlacedMesh, "isStyled" | "sharedKey"> {
  /** The instance that web-ifc makes the mesh of. */
  readonly geometry: number;
}

/** What a mesher makes of an entity. */
export interface MeshResult {
  /** The meshes that have triangles. */
  readonly meshes: readonly RawMesh[];
  /** What web-ifc wrote meanwhile. */
  readonly log: readonly string[];
  /** Why it failed; undefined where it did not. */
  readonly failure?: string;
}

/** What a thread that meshes is told. It answers `mesh` with a {@link MeshResult}, in the order of the requests. */
export type MesherRequest =
  | { readonly open: number; readonly slice: MesherSlice }
  | { readonly mesh: number; readonly of: number }
  | { readonly close: number };
