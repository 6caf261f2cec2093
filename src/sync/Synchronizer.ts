import type { Element, IModelDb } from "@itwin/core-backend";
import { BeEvent, Id64, IModelStatus, type AccessToken, type Id64String } from "@itwin/core-bentley";
import type { ErrorRecovery } from "../ConnectorError.js";
import { checkItem } from "./items/checkItem.js";
import { Checksums, compareItem } from "./items/changeDetection.js";
import type { DocumentProperties } from "./documents/DocumentProperties.js";
import { DocumentFindings } from "./documents/DocumentFindings.js";
import { DocumentElements } from "./documents/DocumentElements.js";
import type { FoundClasses } from "./documents/SourceClasses.js";
import { DocumentRecorder } from "./documents/DocumentRecorder.js";
import { ElementReplacer } from "./elements/ElementReplacer.js";
import { ElementWriter } from "./elements/ElementWriter.js";
import { ItemAttempts } from "./elements/ItemAttempts.js";
import { ParkedValues } from "./elements/ParkedValues.js";
import type { SynchronizationJob } from "./deletion/OwnershipRules.js";
import { RunDeletions } from "./deletion/RunDeletions.js";
import { ValueConflicts } from "./elements/ValueConflicts.js";
import { ItemStates } from "./provenance/ItemStates.js";
import { SynchronizationContext } from "./provenance/SynchronizationContext.js";
import { documentKind } from "./provenance/provenanceQueries.js";
import { findJobSubject } from "./provenance/JobSubjects.js";
import type { ProvenanceRecord } from "./provenance/ProvenanceRecord.js";
import type { RecordedDocument } from "./provenance/RecordedDocument.js";
import { UnmarkedParts } from "./elements/UnmarkedParts.js";
import type { NotImportedReport } from "./items/NotImportedReports.js";
import { SynchronizationStatistics } from "./items/SynchronizationStatistics.js";
import { naming } from "./values/naming.js";
import { ownerOfResults, ownerOfItem, valueChecksOf, type ValueChecks } from "./values/ValueChecks.js";
import type { SynchronizerOptions } from "./SynchronizerOptions.js";
import {
  ItemState,
  type ChangeResults,
  type KnownElement,
  type ReferringItem,
  type SourceItem,
  type SynchronizationResults,
} from "./items/SourceItem.js";

/**
 * Compares what the source holds with what the iModel knows of it, and writes the difference.
 *
 * For each entity of the source a connector calls {@link Synchronizer.detectChanges} and, if it is new or changed,
 * {@link Synchronizer.updateIModel}. When all entities were processed, {@link Synchronizer.detectDeletedElements} deletes
 * the elements of those that were not.
 *
 * What is known is kept in standard BIS provenance: a RepositoryLink and an ExternalSource for each document, and an
 * ExternalSourceAspect on each element.
 * @public
 */
export class Synchronizer {
  /** The iModel that is written. */
  public readonly imodel: IModelDb;
  /** What was done so far. */
  public readonly statistics = new SynchronizationStatistics();
  /**
   * Raised after each item that was recognized or written, with their number so far.
   * @internal
   */
  public readonly onItem = new BeEvent<(items: number) => void>();
  /** To be called before each write. A connector that writes many elements in its own way calls it too. */
  public readonly beforeWrite: () => void;
  /** What the job is called, known before the job itself; absent where there is no run. */
  public readonly jobName: string | undefined;
  /**
   * The job that is being run. Without one, deletion looks at the scopes that were used.
   * @internal
   */
  public job?: SynchronizationJob;
  /** What happens at the end where two items want one code or federation GUID. @internal */
  public valueConflictPolicy: ErrorRecovery = "fatal";
  /** Lets the run go on without an item that the iModel refuses. @internal */
  public readonly attempts: {
    run<T>(write: () => T): T;
    forgetState(scopeId: Id64String, kind: string, identifier: string): void;
    reopenDocument(linkId: Id64String): void;
    noteSkipped(elementId: Id64String): void;
  };

  /** What connectors find out about documents and rely on in the next run. @internal */
  public readonly findings: {
    recall(linkId: Id64String): unknown;
    areOfLastRun(linkId: Id64String): boolean;
    keep(linkId: Id64String, found: unknown): void;
  };

  private readonly _context: SynchronizationContext;
  private readonly _checks: ValueChecks;
  private readonly _checksums = new Checksums();
  private readonly _states: ItemStates;
  private readonly _documents: DocumentRecorder;
  private readonly _deletions: RunDeletions;
  private readonly _replacer: ElementReplacer;
  private readonly _parked: ParkedValues;
  private readonly _writer: ElementWriter;
  private readonly _unmarkedParts: UnmarkedParts;

  /**
   * @param imodel - the iModel to write, open for writing
   * @param _supportsMultipleFilesPerChannel - whether a run may process only some of the files of the job; deletion then
   * keeps to the documents that were recorded in the run
   */
  public constructor(
    imodel: IModelDb,
    _supportsMultipleFilesPerChannel: boolean,
    /** The token of the user, for connectors that call services. */
    protected _requestContext?: AccessToken,
    options: SynchronizerOptions = {},
  ) {
    const { jobName, connectorName, connectorVersion, beforeWrite, documentIdentities, deferDocumentStates } = options;
    const context = new SynchronizationContext(imodel, { connectorName, statistics: this.statistics, beforeWrite });
    this.imodel = imodel;
    this.jobName = jobName;
    this.beforeWrite = context.beforeWrite;
    this._checks = valueChecksOf(imodel);
    this._context = context;
    this.attempts = new ItemAttempts(context, (linkId) => this._documents.reopen(linkId));
    this._states = new ItemStates(context, this._checksums);
    this._unmarkedParts = new UnmarkedParts(context);
    const onlyRecordedDocuments = _supportsMultipleFilesPerChannel;
    const extent = () => ({ job: this.job, documents: this.documents, onlyRecordedDocuments });
    this._deletions = new RunDeletions(context, extent, options.deletionLimit ?? {});
    const { deleter, postponed } = this._deletions;
    const conflicts = new ValueConflicts(context, () => this._documents.reopenAll());
    this._parked = new ParkedValues(context, conflicts, (item) => this._deletions.isOfJob(item));
    this._replacer = new ElementReplacer(context, deleter, this._parked, (item) => this._documents.isOfRun(item));
    this._documents = new DocumentRecorder(context, new DocumentElements(context, this._replacer), this._checksums, {
      connectorVersion,
      jobName,
      findJobSubject: () => this.job?.subjectId ?? (jobName && findJobSubject(imodel, jobName)),
      identities: documentIdentities ?? new Map(),
      deferStates: deferDocumentStates ?? false,
      schemaContract: options.schemaContract ?? "evolve",
      severalDocuments: onlyRecordedDocuments,
    });
    this.findings = new DocumentFindings(this._documents, options.trustsFindings ?? true);
    const { _replacer: replacer, _parked: parked } = this;
    this._writer = new ElementWriter(context, { replacer, postponed, parked, partUse: deleter.partUse });
  }

  /** The documents that were recorded so far. */
  public get documents(): RecordedDocument[] {
    return this._documents.documents;
  }

  /** What the iModel knows of an item. That does not make it seen. */
  public findItem(scope: Id64String, kind: string, id: string): KnownElement | undefined {
    return this._context.index.find(scope, kind, id);
  }

  /** Those of the elements that this run has seen: their items were processed, or they were named to `onElementSeen`. */
  public findSeen(elementIds: Iterable<Id64String>): Set<Id64String> {
    return this._context.findSeen(elementIds);
  }

  /** The new ids of relationships that were inserted again because an element at an end was replaced, by the old ones. */
  public get movedRelationships(): ReadonlyMap<Id64String, Id64String> {
    return this._replacer.references.movedLinks;
  }

  /**
   * Records a document of the source: finds or inserts its RepositoryLink and ExternalSource.
   *
   * `itemState` of the result tells whether the document changed since this connector last recorded it; for another
   * connector the same document may be new. A connector may skip an unchanged one whole; nothing of it is deleted then.
   * @param scope - the element within which the document's identifier is unique: the root Subject for a file, the
   * RepositoryLink of another document for one that it refers to
   * @param sourceItem - the document's identifier (its path, unless the run knows better), version and checksum
   * @param kind - what sort of document it is
   * @param knownUrn - where the document can be found; becomes the `url` of the RepositoryLink
   * @param properties - what else is known of the document
   */
  public recordDocument(
    scope: Id64String,
    sourceItem: SourceItem,
    kind = documentKind,
    knownUrn = "",
    properties?: DocumentProperties,
  ): SynchronizationResults {
    return this._documents.record({ scopeId: scope, item: sourceItem, kind, url: knownUrn, properties });
  }

  /**
   * Compares an item of the source with what the iModel knows of it. A known item counts as seen from then on: its
   * element is not deleted, whatever its state is.
   *
   * The same version means unchanged. Where the version differs or is absent the checksums decide; without checksums
   * a known item counts as changed. An item that is unchanged under a new version gets that version at once.
   *
   * An item that comes a second time in a run, in another state or without any, is reported as a duplicate
   * (`sync/duplicate-item`). The first one counts, so that the next run finds it unchanged; the second one is answered
   * with Unchanged. To ask again about the same item is no duplicate; see {@link Synchronizer.findItem}.
   * @param scope - the element within which the kind and the identifier are unique
   * @param sourceKind - what sort of item it is, such as the name of its table or class
   * @throws ConnectorError `sync/invalid-item` for an identifier or a state that is not a text
   */
  public detectChanges(scope: Id64String, sourceKind: string, item: SourceItem): ChangeResults {
    const record = this._states.lookUp(item, scope, sourceKind);
    if (record === undefined) {
      this._states.noteUnknown(item, scope, sourceKind);
      return { state: ItemState.New };
    }
    if (this._states.isDuplicate(record, item, sourceKind)) return { id: record.elementId, state: ItemState.Unchanged };
    const state = compareItem(item, record, this._checksums);
    if (state === ItemState.Unchanged) this._keep(record, item);
    else {
      checkItem(sourceKind, item); // the state of an unchanged item is one that the iModel holds
      record.seen ??= this._states.of(item);
    }
    return { id: record.elementId, state };
  }

  /** Takes items as seen and unchanged. @returns false if one of them cannot be: all are to be compared then @internal */
  public keepUnchanged(scope: Id64String, kind: string, ids: readonly string[]): boolean {
    if (!this._states.keep(scope, kind, ids)) return false;
    this._countItems("unchanged", ids.length);
    return true;
  }

  /**
   * Brings an element with all its parts, and its provenance, to the state of the source.
   *
   * New: inserts. Changed: updates; parts that are gone are deleted, and an element whose class or model changed is
   * replaced. Unchanged: writes nothing. The element's `id` is set. A new item that this run has already inserted is not
   * inserted again; in another state it is reported as a duplicate.
   * @param scope - as in `detectChanges`
   * @param kind - as in `detectChanges`
   * @returns `IModelStatus.Success`, or `IModelStatus.DuplicateCode` for a duplicate
   * @throws ConnectorError `sync/invalid-value`, `sync/unknown-property`, `sync/missing-value` or `sync/unknown-class` if the
   * iModel would drop or change a value, `sync/no-element` or `sync/invalid-item`; nothing is written then
   * @throws ConnectorError if the iModel refuses the element
   */
  public updateIModel(
    results: SynchronizationResults,
    scope: Id64String,
    sourceItem: SourceItem,
    kind: string,
  ): IModelStatus {
    this._checks.requireElement(results, ownerOfItem(kind, sourceItem));
    const record = this._states.find(sourceItem, scope, kind);
    const known = Id64.isValid(results.element.id) ? results.element.id : record?.elementId;
    if (results.itemState === ItemState.Unchanged) {
      if (known !== undefined) this.onElementSeen(known);
      return IModelStatus.Success;
    }
    if (known === undefined) return this._insert(results, scope, sourceItem, kind);
    if (record !== undefined && results.itemState === ItemState.New && record.isWritten) {
      results.element.id = known;
      return this._states.isDuplicate(record, sourceItem, kind) ? IModelStatus.DuplicateCode : IModelStatus.Success;
    }
    return this._update(results, known, scope, sourceItem, kind);
  }

  /**
   * Records on an element which item of the source it stands for, and in which state. `updateIModel` does so by
   * itself; a connector that writes elements in its own way calls it after it has.
   * @returns `IModelStatus.Success`
   */
  public setExternalSourceAspect(
    element: Element,
    itemState: ItemState,
    scope: Id64String,
    sourceItem: SourceItem,
    kind: string,
  ): IModelStatus {
    if (itemState === ItemState.Unchanged) {
      this.onElementSeen(element.id);
      return IModelStatus.Success;
    }
    const record = this._states.find(sourceItem, scope, kind);
    this._checks.requireId(element, ownerOfItem(kind, sourceItem));
    return this._recordItem(element, record, scope, sourceItem, kind);
  }

  /**
   * Inserts an element with its parts, without provenance for the element itself.
   * @returns `IModelStatus.Success`
   */
  public insertResultsIntoIModel(results: SynchronizationResults): IModelStatus {
    this._checks.checkTree(results, ownerOfResults(results));
    this._writer.insertTree(results);
    this.onElementSeen(results.element.id);
    return IModelStatus.Success;
  }

  /**
   * Updates an element, which must have its id, and its parts.
   * @returns `IModelStatus.Success`
   */
  public updateResultsInIModel(results: SynchronizationResults): IModelStatus {
    this._checks.checkTree(results, ownerOfResults(results));
    this._checks.requireId(results.element, ownerOfResults(results));
    this._writer.updateTree(results, results.element.id);
    this.onElementSeen(results.element.id);
    return IModelStatus.Success;
  }

  /** Notes that what an element stands for is still in the source, so that the element is not deleted. */
  public onElementSeen(id: Id64String): void {
    this._context.see(id);
  }

  /** Reports that something of the source was not imported, as {@link ITwinConnector.reportNotImported} describes. */
  public reportNotImported(report: NotImportedReport): void {
    this.statistics.reportNotImported(report, this._documents.latest);
  }

  /**
   * Compares the classes that a document has now with those that its last run found, and does what the contract of the run
   * says. `StreamConnector` does so by itself. Call it before the schema is imported.
   * @throws ConnectorError `run/schema-changed` if they changed and are frozen
   */
  public checkClasses(found: FoundClasses): void {
    this._documents.checkClasses(found);
  }

  /**
   * Deletes the elements of all items that were not seen in this run.
   *
   * It touches only what the job made: elements with provenance below the job's Subject or, with several files per
   * channel, those of the documents that were recorded in this run. What a document brought that was recorded as
   * unchanged stays. Definitions that are in use stay and are reported. At the end it calls
   * {@link Synchronizer.settleUniqueValues}.
   * @throws ConnectorError `run/too-many-deletions` beyond the limit of the options, before anything is deleted
   */
  public detectDeletedElements(): void {
    this._deletions.detect();
    this.settleUniqueValues();
  }

  /**
   * Gives elements the codes and federation GUIDs that another element still had when they were written: until then they
   * have others. {@link Synchronizer.detectDeletedElements} and the end of a run call it. If you use a Synchronizer without
   * either, call it when all items were processed.
   * @throws ConnectorError `sync/code-in-use`, `sync/federation-guid-in-use` where two items want the same value
   */
  public settleUniqueValues(): void {
    this._parked.settle(this.valueConflictPolicy);
  }

  /** Writes the states of the recorded documents, and does what had to wait, when all else has succeeded. @internal */
  public settleDocuments(): void {
    this._deletions.settle();
    this.settleUniqueValues();
    this._documents.settle();
  }

  private _insert(results: SynchronizationResults, scope: Id64String, item: SourceItem, kind: string): IModelStatus {
    const owner = ownerOfItem(kind, item);
    this._checks.checkTree(results, owner);
    naming(owner, () => this._writer.insertTree(results));
    this._countItems("new");
    this.statistics.list({ change: "inserted", kind, identifier: item.id, elementId: results.element.id });
    return this._recordItem(results.element, undefined, scope, item, kind);
  }

  private _update(
    results: SynchronizationResults,
    elementId: Id64String,
    scope: Id64String,
    item: SourceItem,
    kind: string,
  ): IModelStatus {
    const owner = ownerOfItem(kind, item);
    this._checks.checkTree(results, owner);
    const ownAspectId = this._context.index.find(scope, kind, item.id)?.aspectId;
    if (ownAspectId !== undefined && this._documents.sourceOf(scope) !== undefined)
      this._unmarkedParts.mark(results, elementId, ownAspectId);
    const changed = { ...results, itemState: ItemState.Changed };
    const isReplaced = naming(owner, () => this._writer.updateTree(changed, elementId, { ownAspectId }));
    this._countItems("changed");
    if (isReplaced) this._deletions.countReplaced({ sourceId: this._documents.sourceOf(scope), scopeId: scope });
    const change = isReplaced ? "replaced" : "updated";
    this.statistics.list({ change, kind, identifier: item.id, elementId: results.element.id });
    return this.setExternalSourceAspect(results.element, ItemState.Changed, scope, item, kind);
  }

  /** @param record - what was known of the item before its element was written */
  private _recordItem(
    element: Element,
    record: ProvenanceRecord | undefined,
    scope: Id64String,
    item: ReferringItem,
    kind: string,
  ): IModelStatus {
    this._states.record(element, record, item, { scopeId: scope, sourceId: this._documents.sourceOf(scope), kind });
    return IModelStatus.Success;
  }

  private _countItems(state: "new" | "changed" | "unchanged", count = 1): void {
    this.statistics[state] += count;
    this.onItem.raiseEvent(this.statistics.items);
  }

  private _keep(record: ProvenanceRecord, item: SourceItem): void {
    if (record.seen === undefined) this._countItems("unchanged");
    record.seen = record;
    if (item.version !== undefined && item.version !== record.version)
      this._context.provenance.update(record, { version: item.version, checksum: record.checksum });
  }
}
