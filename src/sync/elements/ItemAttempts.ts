import type { Id64String } from "@itwin/core-bentley";
import { inSavepoint } from "../../imodel/savepoint.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** Lets a run go on without an item that the iModel refuses. */
export class ItemAttempts {
  public constructor(
    private readonly _context: SynchronizationContext,
    /** Makes the next run read a document again, because this one could not take in all of it. */
    public readonly reopenDocument: (linkId: Id64String) => void,
  ) {}

  /** Writes an item with its parts and aspects whole or not at all: what throws leaves nothing in the iModel or in memory. */
  public run<T>(write: () => T): T {
    const { imodel, statistics, undo } = this._context;
    return undo.run(() => {
      undo.note(statistics.mark());
      return inSavepoint(imodel, write);
    });
  }

  /** Makes an item count as changed in the next run, whatever its state is then. */
  public forgetState(scopeId: Id64String, kind: string, identifier: string): void {
    const record = this._context.index.find(scopeId, kind, identifier);
    if (record !== undefined) this._context.provenance.update(record, {});
  }

  /** Notes that the run goes on without an item. Its element keeps what others may want to have, such as its code. */
  public noteSkipped(elementId: Id64String): void {
    this._context.skippedElements.add(elementId);
  }
}
