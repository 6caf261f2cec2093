import type { GraphicsExport, GraphicsExportOptions, TableExport, TableFormat } from "itwin-connector-viewer";
import { ConnectorError } from "../../ConnectorError.js";

/** What is written, and how. */
export interface ExportOptions extends GraphicsExportOptions {
  readonly ecsql?: string;
}

/** What was written. Tables have no triangles. */
export type Written = TableExport & Partial<Pick<GraphicsExport, "triangles">>;

/** A format of `connector-runner export`. */
export interface ExportFormat {
  /** What the name of the output ends with, if no name is given. */
  readonly suffix: string;
  /** Writes the output. */
  readonly write: (viewer: Viewer, source: string, out: string, options: ExportOptions) => Promise<Written>;
  /** The options that make no difference to this format. */
  readonly ignores: readonly (keyof ExportOptions)[];
}

/** What the package exports. */
type Viewer = typeof import("itwin-connector-viewer");

const ofTables = ["ecsql"] as const;
const ofGraphics = ["compress", "instances", "properties", "categories", "visibleOnly"] as const;

/** The formats, by the name that `--format` takes. */
export const formats = {
  glb: { suffix: ".glb", ignores: ofTables, write: (viewer, ...args) => viewer.exportGlb(...args) },
  "3dtiles": { suffix: ".3dtiles", ignores: ofTables, write: (viewer, ...args) => viewer.export3dTiles(...args) },
  csv: tableFormat("csv", ".csv"),
  json: tableFormat("json", ".jsonl"),
  geojson: tableFormat("geojson", ".geojson"),
} as const satisfies Record<string, ExportFormat>;

function tableFormat(format: TableFormat, suffix: string): ExportFormat {
  return {
    suffix,
    ignores: ofGraphics,
    write: (viewer, source, out, { classes, ecsql, overwrite, onProgress }) =>
      viewer.exportTable(source, out, { format, classes, ecsql, overwrite, onProgress }),
  };
}

/**
 * Refuses options that make no difference to a format.
 * @throws ConnectorError `usage/format-option`
 */
export function refuseIgnored(name: FormatName, options: ExportOptions): void {
  const ignored = formats[name].ignores.find((option) => options[option] !== undefined);
  if (ignored === undefined) return;
  const flag = ignored === "visibleOnly" ? "visible-only" : ignored;
  const others = formatNames.filter((other) => !(formats[other].ignores as readonly string[]).includes(ignored));
  throw new ConnectorError("usage/format-option", `--${flag} makes no difference to the format ${name}.`, {
    advice: `Leave it out, or choose another format: ${others.join(", ")}.`,
  });
}

/** The name of a format. */
export type FormatName = keyof typeof formats;

/** The names of all formats. */
export const formatNames = Object.keys(formats) as FormatName[];
