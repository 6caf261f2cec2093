import type { Id64String } from "@itwin/core-bentley";
import type { ItemState } from "../items/SourceItem.js";

/**
 * A document that was recorded in this run.
 * @public
 */
export interface RecordedDocument {
  /** Its RepositoryLink. */
  linkId: Id64String;
  /** The ExternalSource of this connector for it. */
  sourceId: Id64String;
  /** How it compares with what was recorded last. */
  state: ItemState;
  /** Whether it is one that the job starts from, not one that another document refers to. */
  isRoot: boolean;
}
