import type { Element } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { checkItem } from "../items/checkItem.js";
import { duplicateIssue, hasState, isOtherState, type Checksums } from "../items/changeDetection.js";
import { givesGuid, type ItemVersion, type ReferringItem, type SourceItem } from "../items/SourceItem.js";
import type { Origin } from "./provenanceQueries.js";
import type { ProvenanceRecord } from "./ProvenanceRecord.js";
import type { SynchronizationContext } from "./SynchronizationContext.js";

/** The states of items in this run. */
export class ItemStates {
  /** The last item that was not known, with its scope and kind. */
  private _unknown?: readonly [item: SourceItem, scope: Id64String, kind: string];

  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _checksums: Checksums,
  ) {}

  /**
   * What is known of an item.
   * @throws ConnectorError `sync/invalid-item` where a connector in JavaScript gives none
   */
  public lookUp(item: SourceItem | undefined, scope: Id64String, kind: string): ProvenanceRecord | undefined {
    if (item === undefined) checkItem(kind, item);
    return this._context.index.find(scope, kind, String(item?.id));
  }

  /**
   * Notes that the iModel does not know an item.
   * @throws ConnectorError `sync/invalid-item`, `sync/invalid-scope`
   */
  public noteUnknown(item: SourceItem, scope: Id64String, kind: string): void {
    checkItem(kind, item);
    this._context.requireScope(scope, `${kind} "${item.id}"`);
    this._unknown = [item, scope, kind];
  }

  /**
   * What is known of an item. One that was noted as unknown a moment ago is not looked up: a twentieth of an insert.
   * @throws ConnectorError `sync/invalid-item`, `sync/invalid-scope`
   */
  public find(item: SourceItem, scope: Id64String, kind: string): ProvenanceRecord | undefined {
    const [unknown, unknownScope, unknownKind] = this._unknown ?? [];
    this._unknown = undefined;
    if (unknown === item && unknownScope === scope && unknownKind === kind) return undefined;
    checkItem(kind, item);
    const record = this._context.index.find(scope, kind, item.id);
    if (record === undefined) this._context.requireScope(scope, `${kind} "${item.id}"`);
    return record;
  }

  /**
   * Takes items as seen and unchanged whose content is known to be what the iModel holds.
   * @returns false where one of them is not as it should be: the iModel does not know it or its state, or the run has seen it
   */
  public keep(scope: Id64String, kind: string, ids: readonly string[]): boolean {
    for (const id of ids) {
      const record = this._context.index.find(scope, kind, id);
      if (record?.checksum === undefined || record.isSeen) return false;
      record.seen = record;
    }
    return true;
  }

  /**
   * Writes on an element which item it stands for, and in which state.
   * @param known - what was known of the item before its element was written
   */
  public record(
    element: Element,
    known: ProvenanceRecord | undefined,
    item: ReferringItem,
    { kind, scopeId, sourceId }: Origin & { kind: string },
  ): void {
    const { provenance } = this._context;
    const state = { ...this.of(item), givesGuid: givesGuid(element), references: item.references };
    if (known?.elementId === element.id) provenance.update(known, state);
    else provenance.insert(element.id, scopeId, { kind, identifier: item.id }, { sourceId, ...state });
  }

  /** The state that an item is in. */
  public of(item: SourceItem): ItemVersion {
    return { version: item.version, checksum: this._checksums.of(item) };
  }

  /**
   * Reports an item that comes again in another state than the run has seen it in, or without any state after it was
   * written: to be written again, as far as anyone can tell.
   * @returns whether it is one
   */
  public isDuplicate(record: ProvenanceRecord, item: SourceItem, kind: string): boolean {
    const { seen, elementId } = record;
    if (seen === undefined) return false;
    const isOther = hasState(item) ? isOtherState(item, seen, this._checksums) : record.isWritten;
    if (!isOther) return false;
    this._context.statistics.duplicates++;
    this._context.statistics.report({ ...duplicateIssue({ ...item, kind }, seen, this.of(item)), elementId });
    return true;
  }
}
