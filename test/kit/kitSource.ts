import { readFileSync, writeFileSync } from "node:fs";

/** A source of the test connector: a kit of parts, as one or several JSON files. */
export interface KitSource {
  categories?: string[];
  groups?: KitGroup[];
  parts?: KitPart[];
  /** Other kit files, relative to this one. */
  references?: string[];
}

/** A group of parts. */
export interface KitGroup {
  id: string;
  label?: string;
}

/** A block or rod, made of pieces. */
export interface KitPart {
  id: string;
  /** The class. Default: Block. */
  type?: "Block" | "Rod";
  version?: string;
  /** Edge length in metres; without one there is no geometry. */
  size?: number;
  material?: string;
  /** Default: the first category. */
  category?: string;
  code?: string;
  /** The federation GUID. */
  guid?: string;
  pieces?: KitPiece[];
}

/** A part of a part: a child element. */
export interface KitPiece {
  /** Becomes the code, so that the piece is recognized wherever it stands. */
  code?: string;
  material?: string;
  type?: "Block" | "Rod";
}

/** Reads a kit file. */
export function readKit(path: string): KitSource {
  return JSON.parse(readFileSync(path, "utf8")) as KitSource;
}

/** Writes a kit file. */
export function writeKit(path: string, source: KitSource): void {
  writeFileSync(path, JSON.stringify(source, undefined, 1));
}
