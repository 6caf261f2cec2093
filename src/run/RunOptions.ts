import type { LockWaitOptions } from "../imodel/BriefcaseTarget.js";
import type { HostOptions } from "../imodel/host.js";
import type { DocumentAttributes } from "../sync/documents/DocumentAttributes.js";
import type { SchemaContract } from "../sync/documents/SourceClasses.js";
import type { DocumentProperties } from "../sync/documents/DocumentProperties.js";

/**
 * How a job is run, beside what it is asked to do.
 * @public
 */
export interface RunOptions extends HostOptions, LockWaitOptions {
  /**
   * Whether to do everything, count it, and leave the iModel as it was. A versioned iModel that is not there is not created
   * for it. Default: false.
   */
  dryRun?: boolean;
  /**
   * Whether the run fails with `run/not-imported`, and leaves the iModel as it was, if the connector leaves out something of
   * the source. Default: false.
   */
  strict?: boolean;
  /**
   * How many entities the run may delete. Beyond it the run fails with `run/too-many-deletions`, and leaves the iModel as it
   * was. A percentage such as `5%` is of what a document had, and of what all documents together had that the run has read; a
   * number is for the whole run; `none` means no limit. A run with `unmap` has no limit. Default: half, where there were a
   * hundred entities or more.
   */
  maxDeletions?: number | string;
  /**
   * Path of a file for the entities that the run skips: JSON Lines, one object with `kind`, `identifier`, `reason`, `place` and
   * `data` for each. The file is complete also if the run fails. If nothing is skipped, there is no file afterwards: one of
   * an earlier run is removed. Default: none.
   */
  rejects?: string;
  /**
   * What may change about the classes of the source, such as its tables and columns, since the last run on the document:
   * `evolve` everything; `freeze` nothing: the run fails with `run/schema-changed`; `report` everything, with an issue for
   * each change. Default: `evolve`.
   */
  schemaContract?: SchemaContract;
  /**
   * Whether the project extents stay within 8849 m above and below zero, the height of the highest mountain, so that one
   * entity at a wrong height does not spoil them. Default: false.
   */
  clampZExtent?: boolean;
  /** Where fetched sources and briefcases are kept. Default: a folder for this package in the user's cache folder. */
  cacheDirectory?: string;
  /**
   * What the document is called, where `sourcePath` or `dmsServerUrl` only lead to a copy of it: its path in a storage, say.
   * The job is named after it, the document is known by it unless there is a `documentGuid`, and it is the `url` of the
   * document's RepositoryLink where nothing better is known.
   */
  documentName?: string;
  /**
   * Whether to remove from the iModel all that the document brought, instead of bringing it up to date: its elements, the
   * document itself, and its job where that has no other document. The source is not read and need not exist. Without a
   * `connectorModule` a `documentGuid` tells the document, for all jobs that process it. Default: false.
   */
  unmap?: boolean;
  /** What is to be said of the document in terms of a class of its own, on its element in the iModel. */
  documentAttributes?: DocumentAttributes;
  /** What else is known of the document, where the connector does not know better. A `documentGuid` is its `docGuid`. */
  documentProperties?: DocumentProperties;
}
