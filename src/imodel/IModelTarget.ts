import type { IModelDb } from "@itwin/core-backend";

/**
 * Where a run writes. A target opens the iModel in such a way that nobody sees what the run does until `commit`,
 * and that `abandon`, or the death of the process, leaves everything as it was.
 */
export interface IModelTarget {
  /** Where the iModel is, once it is committed. */
  readonly path: string;
  /** Whether the iModel did not exist before this run. Known after `open`. */
  readonly isNew: boolean;
  /** Opens or creates the iModel for writing. Without `create`, one that does not exist is an error. */
  open(create?: boolean): Promise<IModelDb>;
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
