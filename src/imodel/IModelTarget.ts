import type { IModelDb } from "@itwin/core-backend";
import type { GuidString, Id64Array } from "@itwin/core-bentley";
import type { ChangesetId, ChangesetIndex } from "@itwin/core-common";

/** What a run of a known job writes to, where others might write as well. */
export interface JobElements {
  /** Elements that nobody else may change meanwhile, and what lies below them. */
  exclusive: Id64Array;
  /** Models and elements in which others may insert as well. */
  shared: Id64Array;
}

/**
 * A version of a versioned iModel.
 * @public
 */
export interface IModelVersionInfo {
  /** The id of the iModel. */
  iModelId: GuidString;
  /** The iModel and its bank or hub, as a person calls them. */
  place: string;
  /** The index of the latest changeset that the run knew, its own included. 0 is version 0. */
  changesetIndex: ChangesetIndex;
  /** The id of that changeset. Empty for version 0. */
  changesetId: ChangesetId;
  /** Whether the run pushed it. A run that changed nothing pushes nothing. */
  isPushed: boolean;
}

/**
 * Where a run writes. A target opens the iModel in such a way that nobody sees what the run does until `commit`,
 * and that `abandon`, or the death of the process, leaves everything as it was.
 */
export interface IModelTarget {
  /** Where the file of the iModel is, once it is committed. */
  readonly path: string | undefined;
  /** Whether the iModel did not exist before this run, or was empty. Known after `open`. */
  readonly isNew: boolean;
  /** Which version of a versioned iModel the run has led to. Known after `commit`. */
  readonly version: IModelVersionInfo | undefined;
  /** Opens or creates the iModel for writing. Without `create`, one that does not exist is an error. */
  open(create?: boolean): Promise<IModelDb>;
  /**
   * Keeps others from what the run writes to, where others can write at all, and so waits for those who are at it. The
   * iModel is at its latest version then.
   * @param find - finds the elements of the job; without any, because it is new, or without `find`, nobody else can
   * write anywhere in the iModel
   */
  lock(find?: (imodel: IModelDb) => JobElements | undefined): Promise<void>;
  /**
   * Copies the iModel as it was before the run, to compare it with. Called when `lock` is done. An iModel that did not
   * exist is not copied.
   */
  copyBefore(to: string): void;
  /** Whether an error means that the run writes to what `lock` left to others, and must lock the whole iModel. */
  needsWholeLock(error: unknown): boolean;
  /** Whether the time of this run is to be recorded, although that may be all that it writes. */
  isWorthRecording(): boolean;
  /** Makes what was written visible, all at once, under a description for those targets that keep one. */
  commit(description: string): Promise<void>;
  /** Refuses to go on where there is no room left for what is written. */
  ensureRoom(): void;
  /** The same, cheap enough to be called before each write: it looks only when it is due. */
  beforeWrite(): void;
  /** An error of the platform as what it comes from, where the target can tell. */
  explain(error: unknown): unknown;
  /** Forgets what was written. Does nothing after `commit`. */
  abandon(): Promise<void>;
}
