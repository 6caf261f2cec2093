import { isDeepStrictEqual } from "node:util";
import type { Id64String } from "@itwin/core-bentley";
import type { ExternalSourceProps } from "@itwin/core-common";
import type { KeptLedger } from "../items/NotImportedReports.js";
import { ItemState } from "../items/SourceItem.js";
import type { RecordedDocument } from "../provenance/RecordedDocument.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** The JSON properties of an ExternalSource, of which the framework writes one. */
type SourceJson = Readonly<Record<string, unknown>> & { NotImported?: KeptLedger };

/**
 * Keeps what was not imported of each document on its ExternalSource, so that a run that skips an unchanged document still
 * knows what the iModel lacks.
 */
export class DocumentLedgers {
  public constructor(private readonly _context: SynchronizationContext) {}

  /** Takes in what the last run that read the document has kept. */
  public recall(linkId: Id64String, sourceId: Id64String): void {
    const { NotImported: kept } = this._readJson(sourceId);
    if (kept !== undefined) this._context.statistics.notImportedReports.recall(linkId, kept);
  }

  /** Writes what this run reported, if it differs from what is kept. */
  public keep({ linkId, sourceId, state }: RecordedDocument): void {
    const { entries, unlisted } = this._context.statistics.notImportedReports.of(linkId);
    const isEmpty = entries.length === 0 && unlisted === 0;
    if (isEmpty && state === ItemState.Unchanged) return;
    const { NotImported: kept, ...others } = this._readJson(sourceId);
    const wanted = isEmpty ? undefined : { entries, unlisted };
    if (isDeepStrictEqual(kept, wanted)) return;
    this._context.beforeWrite();
    const jsonProperties = wanted === undefined ? others : { ...others, NotImported: wanted };
    this._context.imodel.elements.updateElement<ExternalSourceProps>({ id: sourceId, jsonProperties });
  }

  private _readJson(sourceId: Id64String): SourceJson {
    return (this._context.imodel.elements.getElementProps(sourceId).jsonProperties ?? {}) as SourceJson;
  }
}
