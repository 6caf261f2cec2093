import type { Id64String } from "@itwin/core-bentley";
import type { ElementDeleter } from "./ElementDeleter.js";
import type { ItemKey, KnownItem } from "../provenance/provenanceQueries.js";
import { setOrDelete, UndoLog } from "../provenance/UndoLog.js";

/**
 * Deletes parts that their connector no longer lists. One below which an element stands for an item of its own waits
 * until all items were seen, and so does every part where other jobs may refer to it: what to do is decided then.
 */
export class PostponedParts {
  private readonly _waiting = new Map<Id64String, ItemKey>();

  /**
   * @param _mayBeReferred - whether other jobs write to the iModel
   */
  public constructor(
    private readonly _deleter: ElementDeleter,
    private readonly _mayBeReferred: () => boolean,
    private readonly _undo = new UndoLog(),
  ) {}

  public get hasAny(): boolean {
    return this._waiting.size > 0;
  }

  /** Whether a part waits. */
  public has(elementId: Id64String): boolean {
    return this._waiting.has(elementId);
  }

  /** Deletes parts now if that harms nobody, else later. */
  public takeGone(parts: KnownItem[]): void {
    if (parts.length === 0) return;
    const ids = parts.map(({ record }) => record.elementId);
    const staying = this._mayBeReferred() ? new Set(ids) : this._deleter.deleteParts(ids);
    for (const { kind, identifier, record } of parts)
      if (staying.has(record.elementId)) this._set(record.elementId, { kind, identifier });
  }

  /** Keeps parts that their connector lists again. */
  public takeBack(parts: KnownItem[]): void {
    for (const { record } of parts) if (this._waiting.has(record.elementId)) this._set(record.elementId, undefined);
  }

  private _set(elementId: Id64String, key: ItemKey | undefined): void {
    const before = this._waiting.get(elementId);
    setOrDelete(this._waiting, elementId, key);
    this._undo.note(() => setOrDelete(this._waiting, elementId, before));
  }

  /** Hands over the parts that wait. */
  public release(): Map<Id64String, ItemKey> {
    const waiting = new Map(this._waiting);
    this._waiting.clear();
    return waiting;
  }
}
