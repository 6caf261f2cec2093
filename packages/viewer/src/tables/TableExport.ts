import type { ExportProgress } from "../graphics/GraphicsExport.js";

/**
 * A format of tables: comma-separated values, a JSON object in each line, or a GeoJSON FeatureCollection.
 * @public
 */
export type TableFormat = "csv" | "json" | "geojson";

/**
 * What is written to a table.
 * @public
 */
export interface TableExportOptions {
  /** The format of the file. */
  readonly format: TableFormat;
  /**
   * Only elements of these classes (`Schema:Class`) and their subclasses. Default: the classes outside of BisCore, and all
   * with geometry.
   */
  readonly classes?: readonly string[];
  /**
   * A query. One that selects `ECInstanceId` alone says which elements are written. Any other one is written as it is.
   * Not together with `classes`.
   */
  readonly ecsql?: string;
  /** Whether a file at the path of the output is replaced. Default: false. */
  readonly overwrite?: boolean;
  /** Called for each batch of elements. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

/**
 * What was written.
 * @public
 */
export interface TableExport {
  /** The file. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Elements, or rows of a query. */
  readonly elements: number;
  /** What is not in the file as it is in the iModel. */
  readonly issues: readonly TableIssue[];
}

/**
 * Something that a format cannot hold.
 * @public
 */
export interface TableIssue {
  /** Undefined where it concerns many elements. */
  readonly elementId?: string;
  /** What is wrong. */
  readonly message: string;
}
