import type { MesherSlice, MeshResult } from "./mesherMessages.js";

/** Meshes the entities of slices, one after the other. */
export interface Mesher {
  /** Takes a slice, whose text moves to it. web-ifc reads it when its first entity is asked for. */
  open(number: number, slice: MesherSlice): void;
  /** Meshes an entity of a slice. */
  mesh(number: number, id: number): Promise<MeshResult>;
  /** Forgets a slice, after what was asked of it. */
  close(number: number): void;
}

/** What meshes for the thread that reads a file. */
export interface Meshers {
  /** So many slices are meshed before they are asked for. */
  readonly ahead: number;
  /** Loads web-ifc before there is a slice. */
  warmUp(): void;
  /** The mesher for the next slice. */
  choose(): Mesher;
}
