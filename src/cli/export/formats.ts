import type { GraphicsExport, GraphicsExportOptions } from "itwin-connector-viewer";

/** A format of `connector-runner export`. */
export interface ExportFormat {
  /** What the name of the output ends with, if no name is given. */
  readonly suffix: string;
  /** Writes the output. */
  readonly write: (
    viewer: Viewer,
    source: string,
    out: string,
    options: GraphicsExportOptions,
  ) => Promise<GraphicsExport>;
}

/** What the package exports. */
type Viewer = typeof import("itwin-connector-viewer");

/** The formats, by the name that `--format` takes. */
export const formats = {
  glb: { suffix: ".glb", write: (viewer, ...args) => viewer.exportGlb(...args) },
  "3dtiles": { suffix: ".3dtiles", write: (viewer, ...args) => viewer.export3dTiles(...args) },
} as const satisfies Record<string, ExportFormat>;

/** The name of a format. */
export type FormatName = keyof typeof formats;

/** The names of all formats. */
export const formatNames = Object.keys(formats) as FormatName[];
