import type { GraphicsIssue } from "./GraphicsReader.js";
import type { ElementFilter } from "./Layer.js";

/**
 * How far an export is.
 * @public
 */
export interface ExportProgress {
  /** Elements so far. */
  readonly done: number;
  /** Elements in all. */
  readonly total: number;
}

/**
 * How numbers are compressed: not at all, or by meshoptimizer (`EXT_meshopt_compression`), without a loss. Compressed
 * files take half of the space, and need a viewer that has the decoder.
 * @public
 */
export type Compression = "none" | "meshopt";

/**
 * What is exported, and how.
 * @public
 */
export interface GraphicsExportOptions extends ElementFilter {
  /** Default: `none`. */
  readonly compress?: Compression;
  /**
   * Whether meshes of the same shape are written once (`EXT_mesh_gpu_instancing`). Default: true. With false, the file
   * can be several times as large, and needs no extension of the viewer.
   */
  readonly instances?: boolean;
  /**
   * Whether label, class, category, model, code, federation GUID and source of each element are written. Default: true.
   * With false, only the ids are, for viewers that ask the iModel for the rest.
   */
  readonly properties?: boolean;
  /** Whether what exists at the path of the output is replaced. Default: false. */
  readonly overwrite?: boolean;
  /** Called for each batch of elements. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

/**
 * What an export has written.
 * @public
 */
export interface GraphicsExport {
  /** The file, or the folder, that was written. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Elements that are in the export. */
  readonly elements: number;
  /** Triangles that a viewer draws: those of an instance count each time. */
  readonly triangles: number;
  /** Elements whose graphics are not in the export, or not all of them. */
  readonly issues: readonly GraphicsIssue[];
}
