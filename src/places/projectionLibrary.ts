import { createRequire } from "node:module";
import type proj4 from "proj4";
import { ConnectorError } from "../ConnectorError.js";

/** What proj4 makes of a text: its functions work on radians and metres. */
export interface Projection {
  forward(point: { x: number; y: number }): { x: number; y: number } | null;
  inverse(point: { x: number; y: number }): { x: number; y: number } | null;
}

const load = createRequire(import.meta.url);

let library: typeof proj4 | undefined;

/**
 * The projection of a text. proj4 is loaded for the first one: only packages that place something on the Earth install it.
 * @throws ConnectorError `usage/missing-package` that says what to install
 */
export function projectionOf(text: string): Projection {
  library ??= loadLibrary();
  return library.Proj(text);
}

function loadLibrary(): typeof proj4 {
  try {
    return load("proj4") as typeof proj4;
  } catch (cause) {
    const message = "Places on the Earth need another package: npm install proj4";
    throw new ConnectorError("usage/missing-package", message, { cause });
  }
}
