import type { Element } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";

/**
 * How an item of the source compares with what the iModel knows of it.
 * @public
 */
export enum ItemState {
  /** The iModel holds it as the source has it. */
  Unchanged = 0,
  /** The iModel does not know it. */
  New = 1,
  /** The iModel knows it with another content. */
  Changed = 2,
}

/**
 * What identifies an entity or a document of the source, and the state it is in.
 *
 * An item is known by scope, kind and `id` together. At least one of `version` and `checksum` should be given:
 * without both an item can never be told to be unchanged, and is written in every run.
 * @public
 */
export interface SourceItem {
  /** The identifier, unique for its kind within its scope, and the same in every version of the source. */
  id: string;
  /**
   * Something that is sure to differ when the content differs, such as a revision or the time of the last change.
   * Cheaper than a checksum: while it stays the same, the checksum is neither computed nor compared.
   */
  version?: string;
  /**
   * A hash of the content, by any algorithm. As a function it is called only when the version does not decide,
   * at most once for each item.
   */
  checksum?: string | (() => string);
}

/**
 * An item with what a `StreamConnector` makes for it beside its element. It is recorded as the item is inserted, because to
 * write its provenance a second time takes as long as to insert an element.
 */
export interface ReferringItem extends SourceItem {
  references?: unknown;
}

/** The state of an item of the source. */
export interface ItemVersion {
  version?: string;
  checksum?: string;
}

/**
 * What `Synchronizer.detectChanges` found out about an item.
 * @public
 */
export interface ChangeResults {
  /** The element that stands for the item in the iModel. Absent for a new item. */
  id?: Id64String;
  /** How the item compares with what the iModel knows. */
  state: ItemState;
}

/**
 * What the iModel has of an item.
 * @public
 */
export interface KnownElement {
  /** The element that stands for the item. */
  readonly elementId: Id64String;
  /** The ExternalSourceAspect that says so. */
  readonly aspectId: Id64String;
  /** Whether this run has processed the item. */
  readonly isSeen: boolean;
}

/**
 * An element as the source wants it, with all its children: what a connector hands to `Synchronizer.updateIModel`.
 * @public
 */
export interface SynchronizationResults {
  /**
   * The parts of the element. They live and die with it; the ones that are no longer listed here are deleted.
   * Their `parent` is filled in where it is missing.
   */
  childElements?: SynchronizationResults[];
  /** The element. Of all that is handed over only its `id` is written: after an insert it holds the new one. */
  element: Element;
  /** What to do with the element: insert (New), update (Changed) or leave (Unchanged). */
  itemState: ItemState;
  /** The element's aspects beside its provenance. Where absent, those that it has are left alone. */
  aspects?: ElementAspects;
}

/** Whether the source gives the federation GUID of an element. */
export function givesGuid({ federationGuid }: Element): boolean {
  return Boolean(federationGuid);
}

/**
 * The props of a new aspect of an element, whatever its class: a subclass of `BisCore:ElementMultiAspect`.
 * @public
 */
export type NewAspectProps = { classFullName: string } & Readonly<Record<string, unknown>>;

/**
 * All aspects that an element has of some schemas.
 * @public
 */
export interface ElementAspects {
  /** The schemas whose aspects are all listed: what else the element has of them is deleted. */
  schemas: readonly string[];
  /** The aspects. They have no identity of their own: an update of the element writes them anew. */
  props: readonly NewAspectProps[];
}
