import type { ItemVersion } from "./ProvenanceRecord.js";
import { ItemState, type SourceItem } from "./SourceItem.js";

/** The checksums of source items; one that is given as a function is computed when first asked for, and only once. */
export class Checksums {
  private readonly _computed = new WeakMap<SourceItem, string>();

  /** The checksum of an item, if it has one. */
  public of(item: SourceItem): string | undefined {
    if (typeof item.checksum !== "function") return item.checksum;
    let checksum = this._computed.get(item);
    if (checksum === undefined) {
      checksum = item.checksum();
      this._computed.set(item, checksum);
    }
    return checksum;
  }
}

/**
 * Compares an item with what is known of it. The same version means unchanged, without a look at the checksum;
 * else the checksums decide; without them a known item counts as changed, since nothing shows that it is not.
 */
export function compareItem(item: SourceItem, known: ItemVersion, checksums: Checksums): ItemState {
  if (item.version !== undefined && item.version === known.version) return ItemState.Unchanged;
  const checksum = checksums.of(item);
  return checksum !== undefined && checksum === known.checksum ? ItemState.Unchanged : ItemState.Changed;
}

/** Whether an item that comes a second time in a run comes in another state. Without any state that cannot be told. */
export function isOtherState(item: SourceItem, met: ItemVersion, checksums: Checksums): boolean {
  const hasState = item.version !== undefined || item.checksum !== undefined;
  return hasState && compareItem(item, met, checksums) === ItemState.Changed;
}

/** The state of an item in words, for messages. */
export function describeState({ version, checksum }: ItemVersion): string {
  return version === undefined ? `checksum "${checksum ?? ""}"` : `version "${version}"`;
}
