import { checkChecksum } from "./checkItem.js";
import { ItemState, type ItemVersion, type SourceItem } from "./SourceItem.js";
import type { RunIssue } from "./SynchronizationStatistics.js";

/** The checksums of source items; one that is given as a function is computed when first asked for, and only once. */
export class Checksums {
  private readonly _computed = new WeakMap<SourceItem, string>();

  /** The checksum of an item, if it has one. */
  public of(item: SourceItem): string | undefined {
    if (typeof item.checksum !== "function") return item.checksum;
    let checksum = this._computed.get(item);
    if (checksum === undefined) {
      checksum = item.checksum();
      checkChecksum(item.id, checksum);
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

/** Whether anything tells the states of an item apart. */
export function hasState({ version, checksum }: SourceItem): boolean {
  return version !== undefined || checksum !== undefined;
}

/** Whether an item that comes a second time in a run comes in another state. Without any state that cannot be told. */
export function isOtherState(item: SourceItem, seen: ItemVersion, checksums: Checksums): boolean {
  if (!hasState(item)) return false;
  if (compareItem(item, seen, checksums) === ItemState.Changed) return true;
  return typeof item.checksum === "string" && seen.checksum !== undefined && item.checksum !== seen.checksum;
}

/** What to tell of an item that came in one state and comes again in another, or without any. */
export function duplicateIssue(item: SourceItem & { kind: string }, first: ItemVersion, second: ItemVersion): RunIssue {
  const states = hasState(item)
    ? `, with ${describeState(first, second)} and with ${describeState(second, first)}`
    : "";
  return {
    code: "sync/duplicate-item",
    message:
      `${item.kind} "${item.id}" comes twice in the source${states}; the first one counts. ` +
      `Give each an identifier of its own, or put them into different scopes or kinds.`,
  };
}

/** How a state of an item differs from another one, in words. */
function describeState({ version, checksum }: ItemVersion, other: ItemVersion): string {
  return version === undefined || version === other.version ? `checksum "${checksum ?? ""}"` : `version "${version}"`;
}
