import type { Id64String } from "@itwin/core-bentley";
import type { ReferringItem } from "../../sync/items/SourceItem.js";
import type { RecordedReferences } from "./ReferenceJson.js";
import { keyOfReference, type EntityReference, type SourceEntity } from "./SourceEntity.js";

/** An entity with what is needed to write it. */
export interface PendingEntity {
  entity: SourceEntity;
  scopeId: Id64String;
  item: ReferringItem & { references?: RecordedReferences };
  /** Whether the iModel did not know it when it came. */
  isNew: boolean;
}

/** An entity that waits for its parent. */
interface WaitingEntity extends PendingEntity {
  parent: EntityReference;
}

/**
 * New and changed entities whose parent has not come yet. They are held in memory whole, which is why a source with many
 * of them does well to give parents first.
 */
export class WaitingEntities {
  private readonly _byParent = new Map<string, WaitingEntity[]>();

  public constructor(private readonly _documentId: Id64String) {}

  /** Takes in an entity that has a parent. */
  public add(pending: WaitingEntity): void {
    const key = keyOfReference(pending.parent, this._documentId);
    const siblings = this._byParent.get(key);
    if (siblings === undefined) this._byParent.set(key, [pending]);
    else siblings.push(pending);
  }

  /** Gives out those who have waited for an entity. */
  public take(parent: EntityReference): WaitingEntity[] {
    if (this._byParent.size === 0) return [];
    const key = keyOfReference(parent, this._documentId);
    const children = this._byParent.get(key) ?? [];
    this._byParent.delete(key);
    return children;
  }

  /** Those who still wait. */
  public *all(): Iterable<WaitingEntity> {
    for (const siblings of this._byParent.values()) yield* siblings;
  }
}
