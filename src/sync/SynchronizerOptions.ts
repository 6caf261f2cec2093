import type { DeletionLimit } from "./deletion/DeletionLimit.js";
import type { SchemaContract } from "./documents/SourceClasses.js";
import type { DocumentIdentity } from "./documents/DocumentIdentity.js";

/**
 * What a run tells its Synchronizer. All of it is optional: a Synchronizer works without a run too.
 * @public
 */
export interface SynchronizerOptions {
  /** The connector on whose behalf documents are recorded. Goes into each document's ExternalSource. */
  connectorName?: string;
  /** The version of that connector. */
  connectorVersion?: string;
  /** What the connector calls the job. */
  jobName?: string;
  /** Documents that are known by something else than the path that the connector uses, by that path. */
  documentIdentities?: ReadonlyMap<string, DocumentIdentity>;
  /**
   * Whether the new version and checksum of a document are written by `settleDocuments`, at the end of the run,
   * instead of at once. Default: false.
   */
  deferDocumentStates?: boolean;
  /** What may change about the classes of documents. Default: `evolve`. */
  schemaContract?: SchemaContract;
  /** How many entities `detectDeletedElements` may delete. Default: no limit; a run has one of its own. */
  deletionLimit?: DeletionLimit;
  /**
   * Whether connectors rely on what their last run found out about a document, instead of reading it once more.
   * Default: true.
   */
  trustsFindings?: boolean;
  /** Called before each write; what it throws reaches the caller of the method that was about to write. */
  beforeWrite?: () => void;
}
