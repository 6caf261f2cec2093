import type { Id64String } from "@itwin/core-bentley";
import type { ItemVersion } from "../items/SourceItem.js";

/** An id as it is held in memory: a number, which takes a third of a text, as long as it is exact. */
export type StoredId = number | Id64String;

/** What one ExternalSourceAspect says of an item: which element stands for it, and in which state. */
export class ProvenanceRecord implements ItemVersion {
  /** The state in which this run has seen the item: the record itself once the iModel holds that state. */
  public seen: ItemVersion | undefined = undefined;

  public constructor(
    private readonly _aspectId: StoredId,
    private readonly _elementId: StoredId,
    public version: string | undefined,
    public checksum: string | undefined,
  ) {}

  public get aspectId(): Id64String {
    return toId64(this._aspectId);
  }

  public get isSeen(): boolean {
    return this.seen !== undefined;
  }

  /** Whether the iModel holds the state in which this run has seen the item. */
  public get isWritten(): boolean {
    return this.seen === this;
  }

  public get elementId(): Id64String {
    return toId64(this._elementId);
  }
}

/** An id as the platform gives it. */
export function toId64(id: StoredId): Id64String {
  return typeof id === "number" ? `0x${id.toString(16)}` : id;
}
