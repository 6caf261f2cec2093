import type { BentleyStatus } from "@itwin/core-bentley";
import type { ConnectorError, RunPhase } from "../ConnectorError.js";
import type { IModelVersionInfo } from "../imodel/IModelTarget.js";
import type { RecordedDocument } from "../sync/provenance/RecordedDocument.js";
import type { NotImported } from "../sync/items/NotImportedLedger.js";
import { ItemState } from "../sync/items/SourceItem.js";
import type { ItemChange, RunIssue, SynchronizationStatistics } from "../sync/items/SynchronizationStatistics.js";

/**
 * How many entities of the source were found in which state.
 * @public
 */
export interface ItemCounts {
  /** The iModel did not know them. */
  new: number;
  /** The iModel knew them with another content; replaced ones included. */
  changed: number;
  /** The iModel holds them as the source has them. */
  unchanged: number;
  /** They vanished from the source. */
  deleted: number;
  /** Changed entities whose element was deleted and inserted, because its class or model changed. */
  replaced: number;
}

/**
 * How many documents of the source were found in which state.
 * @public
 */
export interface DocumentCounts {
  /** The iModel did not know them. */
  new: number;
  /** The iModel knew them in another version. */
  changed: number;
  /** The iModel holds them as they are; a connector may skip them whole. */
  unchanged: number;
}

/**
 * How many elements were written, the parts of others included. All zero where nothing changed.
 * @public
 */
export interface ElementCounts {
  /** Elements inserted. */
  inserted: number;
  /** Elements updated. */
  updated: number;
  /** Elements deleted. */
  deleted: number;
}

/**
 * How many link-table relationships were written. Those that go with one of their elements do not count.
 * @public
 */
export interface RelationshipCounts {
  /** Relationships inserted. */
  inserted: number;
  /** Relationships whose properties changed. */
  updated: number;
  /** Relationships that their entity no longer gives. */
  deleted: number;
}

/**
 * How long a phase took.
 * @public
 */
export interface PhaseTime {
  /** The phase. */
  phase: RunPhase;
  /** Wall time. */
  milliseconds: number;
}

/**
 * The job of a run, and the connector that did it.
 * @public
 */
export interface RunJob {
  /** The name of the job. */
  name: string;
  /** The name of the connector. */
  connector: string;
  /** The version of the connector. */
  connectorVersion: string;
}

/**
 * What a run did.
 * @public
 */
export interface RunResult {
  /** SUCCESS if the run was committed (or, in a dry run, could have been). */
  status: BentleyStatus;
  /** Whether the iModel was left as it was on purpose. The counts tell what would have been done. */
  dryRun: boolean;
  /** What ran; absent where the run ended before the connector opened its source. */
  job?: RunJob;
  /** Path of the iModel, which is that of the briefcase for a versioned one; absent where the run ended before. */
  iModelPath?: string;
  /** The version that the run has led to, for a versioned iModel. */
  version?: IModelVersionInfo;
  /** Whether this run created the iModel, or was the first to write to it. */
  iModelIsNew: boolean;
  /** The documents that the connector recorded. */
  documents: DocumentCounts;
  /** What was found in them. Entities of documents that were skipped do not count. */
  counts: ItemCounts;
  /** Entities that were skipped because of a fault; each has an issue, and a line in the file of `RunOptions.rejects`. */
  skipped: number;
  /** What was written. */
  elements: ElementCounts;
  /** What was written of relationships, by connectors that leave them to the framework. */
  relationships: RelationshipCounts;
  /** The first hundred changes, one by one. */
  changes: readonly ItemChange[];
  /** What the user should know although the run went on, the first thousand. */
  issues: readonly RunIssue[];
  /** How many more issues there were. */
  unlistedIssues: number;
  /** How the source was read where it leaves that open, such as `semicolon, decimal comma, header in line 4`. */
  readAs: readonly string[];
  /**
   * What the connector left out, most frequent first: a thousand combinations of what and reason at most. For documents
   * that are unchanged, what was left out when they were read last.
   */
  notImported: readonly NotImported[];
  /** How many things more were left out. */
  unlistedNotImported: number;
  /** The phases that were entered, in order. */
  phases: readonly PhaseTime[];
  /** The description under which the run was saved. */
  description?: string;
  /** Why the run failed. The iModel is as it was then. */
  error?: ConnectorError;
}

/** How many documents a run recorded in each state. */
export function countDocuments(documents: readonly RecordedDocument[]): DocumentCounts {
  const count = (state: ItemState) => documents.filter((document) => document.state === state).length;
  return { new: count(ItemState.New), changed: count(ItemState.Changed), unchanged: count(ItemState.Unchanged) };
}

/** What was counted in a run. */
export function countsOf(
  statistics: SynchronizationStatistics,
): Pick<RunResult, "counts" | "elements" | "relationships"> {
  return {
    counts: {
      new: statistics.new,
      changed: statistics.changed,
      unchanged: statistics.unchanged,
      deleted: statistics.deleted,
      replaced: statistics.replaced,
    },
    elements: {
      inserted: statistics.elementsInserted,
      updated: statistics.elementsUpdated,
      deleted: statistics.elementsDeleted,
    },
    relationships: {
      inserted: statistics.relationshipsInserted,
      updated: statistics.relationshipsUpdated,
      deleted: statistics.relationshipsDeleted,
    },
  };
}
