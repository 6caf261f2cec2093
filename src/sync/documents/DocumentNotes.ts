import { definedOf } from "./definedOf.js";
import { isDeepStrictEqual } from "node:util";
import type { Id64String } from "@itwin/core-bentley";
import type { ExternalSourceProps } from "@itwin/core-common";
import type { KeptLedger } from "../items/NotImportedReports.js";
import { ItemState } from "../items/SourceItem.js";
import type { RecordedDocument } from "../provenance/RecordedDocument.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import { mergeClasses, type FoundClasses, type SourceClass } from "./SourceClasses.js";

/** The JSON properties of an ExternalSource. The framework writes those that are listed here. */
interface SourceJson extends Readonly<Record<string, unknown>> {
  /** What was not imported when the document was read last. */
  NotImported?: KeptLedger;
  /** The classes that the document had then. */
  Classes?: readonly SourceClass[];
  /** What the connector found out about it then, as plain data. */
  Findings?: unknown;
  /** The version or checksum that it had when the connector found that out. */
  FindingsState?: string;
}

/**
 * Keeps on the ExternalSource of each document what a later run needs to know of it: what was not imported, since a run that
 * skips an unchanged document still says what the iModel lacks, which classes it had, and what the connector found out about
 * it.
 */
export class DocumentNotes {
  private readonly _classes = new Map<Id64String, FoundClasses>();
  private readonly _findings = new Map<Id64String, unknown>();

  public constructor(private readonly _context: SynchronizationContext) {}

  /** Takes in what was not imported when an unchanged document was read last. */
  public recall(linkId: Id64String, sourceId: Id64String): void {
    const { NotImported: kept } = this._readJson(sourceId);
    if (kept !== undefined) this._context.statistics.recallNotImported(linkId, kept);
  }

  /** The classes that the document had when it was read last. Undefined if no run has noted them. */
  public classesOf(sourceId: Id64String): readonly SourceClass[] | undefined {
    return this._readJson(sourceId).Classes;
  }

  /** What the connector found out about the document when it was read last. */
  public findingsOf(sourceId: Id64String): unknown {
    return this._readJson(sourceId).Findings;
  }

  /** The version or checksum that the document had when {@link findingsOf} was found out. */
  public findingsStateOf(sourceId: Id64String): string | undefined {
    return this._readJson(sourceId).FindingsState;
  }

  /** Notes what the connector has found out about the document, as plain data. */
  public noteFindings(linkId: Id64String, findings: unknown): void {
    this._findings.set(linkId, findings);
  }

  /** Notes the classes that the document has now. */
  public noteClasses(linkId: Id64String, found: FoundClasses): void {
    this._classes.set(linkId, found);
  }

  /**
   * Writes what this run found out, if it differs from what is kept.
   * @param state - the version or checksum of the document, if the iModel holds all of that state
   */
  public keep(document: RecordedDocument, state: string | undefined): void {
    const kept = this._readJson(document.sourceId);
    const { linkId } = document;
    const findings = this._findings.has(linkId)
      ? { Findings: this._findings.get(linkId), FindingsState: state }
      : { Findings: kept.Findings, FindingsState: kept.FindingsState };
    const found = {
      NotImported: this._notImported(document, kept),
      Classes: this._classesNow(document, kept),
      ...findings,
    };
    this._write(document, kept, found);
  }

  /** Writes the classes alone. */
  public keepClasses(document: RecordedDocument): void {
    const kept = this._readJson(document.sourceId);
    this._write(document, kept, { Classes: this._classesNow(document, kept) });
  }

  private _write({ sourceId }: RecordedDocument, kept: SourceJson, found: SourceJson): void {
    const jsonProperties = definedOf({ ...kept, ...found });
    if (isDeepStrictEqual(kept, jsonProperties)) return;
    this._context.beforeWrite();
    this._context.imodel.elements.updateElement<ExternalSourceProps>({ id: sourceId, jsonProperties });
  }

  private _notImported({ linkId, state }: RecordedDocument, kept: SourceJson): KeptLedger | undefined {
    const found = this._context.statistics.notImportedOf(linkId);
    if (found.entries.length > 0 || found.unlisted > 0) return found;
    return state === ItemState.Unchanged ? kept.NotImported : undefined;
  }

  private _classesNow({ linkId }: RecordedDocument, { Classes: kept = [] }: SourceJson): SourceJson["Classes"] {
    const found = this._classes.get(linkId);
    if (found !== undefined) return mergeClasses(kept, found).map(definedOf);
    return kept.length === 0 ? undefined : kept;
  }

  private _readJson(sourceId: Id64String): SourceJson {
    return (this._context.imodel.elements.getElementProps(sourceId).jsonProperties ?? {}) as SourceJson;
  }
}
