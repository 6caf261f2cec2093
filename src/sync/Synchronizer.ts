import type { Element, IModelDb } from "@itwin/core-backend";
import { BeEvent, Id64, IModelStatus, type AccessToken, type Id64String } from "@itwin/core-bentley";
import { Checksums, compareItem, describeState, isOtherState } from "./changeDetection.js";
import { DeletionDetector } from "./DeletionDetector.js";
import type { DocumentProperties } from "./DocumentProperties.js";
import { DocumentRecorder, type DocumentIdentity, type RecordedDocument } from "./DocumentRecorder.js";
import { ElementDeleter } from "./ElementDeleter.js";
import { ElementWriter } from "./ElementWriter.js";
import { GeometryPartUse } from "./GeometryPartUse.js";
import { OwnershipRules, type SynchronizationJob } from "./OwnershipRules.js";
import { ProvenanceIndex } from "./ProvenanceIndex.js";
import type { ItemVersion, ProvenanceRecord } from "./ProvenanceRecord.js";
import { ProvenanceWriter } from "./ProvenanceWriter.js";
import { SynchronizationStatistics } from "./SynchronizationStatistics.js";
import {
  ItemState,
  type ChangeResults,
  type KnownElement,
  type SourceItem,
  type SynchronizationResults,
} from "./SourceItem.js";

/**
 * What a run tells its Synchronizer. All of it is optional: a Synchronizer works without a run too.
 * @beta
 */
export interface SynchronizerOptions {
  /** The connector on whose behalf documents are recorded. Goes into each document's ExternalSource. */
  connectorName?: string;
  /** The version of that connector. */
  connectorVersion?: string;
  /** Documents that are known by something else than the path that the connector uses, by that path. */
  documentIdentities?: ReadonlyMap<string, DocumentIdentity>;
  /**
   * Whether the new version and checksum of a document are written by `settleDocuments`, at the end of the run,
   * instead of at once. Default: false.
   */
  deferDocumentStates?: boolean;
  /** Called before each write; what it throws reaches the caller of the method that was about to write. */
  beforeWrite?: () => void;
}

/**
 * Compares what the source holds with what the iModel knows of it, and writes the difference.
 *
 * For each entity of the source a connector calls {@link Synchronizer.detectChanges} and, if it is new or changed,
 * {@link Synchronizer.updateIModel}. When all entities were met, {@link Synchronizer.detectDeletedElements} deletes
 * the elements of those that were not.
 *
 * What is known is kept in standard BIS provenance: a RepositoryLink and an ExternalSource for each document, and an
 * ExternalSourceAspect on each element.
 * @beta
 */
export class Synchronizer {
  /** The iModel that is written. */
  public readonly imodel: IModelDb;
  /** What was done so far. */
  public readonly statistics = new SynchronizationStatistics();
  /** Raised after each item that was recognized or written, with their number so far. */
  public readonly onItem = new BeEvent<(items: number) => void>();
  /** To be called before each write. A connector that writes many elements in its own way calls it too. */
  public readonly beforeWrite: () => void;
  /** The job that is being run. Without one, deletion looks at the scopes that were used. */
  public job?: SynchronizationJob;

  private readonly _seen = new Set<Id64String>();
  private readonly _checksums = new Checksums();
  private readonly _index: ProvenanceIndex;
  private readonly _provenance: ProvenanceWriter;
  private readonly _documents: DocumentRecorder;
  private readonly _partUse: GeometryPartUse;
  private readonly _deleter: ElementDeleter;
  private readonly _writer: ElementWriter;

  /**
   * @param imodel - the iModel to write, open for writing
   * @param _supportsMultipleFilesPerChannel - whether a run may meet only some of the files of the job; deletion then
   * keeps to the documents that were recorded in the run
   * @param _requestContext - the token of the user, for connectors that call services
   */
  public constructor(
    imodel: IModelDb,
    private readonly _supportsMultipleFilesPerChannel: boolean,
    protected _requestContext?: AccessToken,
    options: SynchronizerOptions = {},
  ) {
    this.imodel = imodel;
    this.beforeWrite = options.beforeWrite ?? (() => {});
    this._index = new ProvenanceIndex(imodel);
    this._provenance = new ProvenanceWriter(imodel, this._index, this.beforeWrite);
    this._documents = new DocumentRecorder(imodel, this._index, this._provenance, this._checksums, {
      connectorName: options.connectorName,
      connectorVersion: options.connectorVersion,
      identities: options.documentIdentities ?? new Map(),
      deferStates: options.deferDocumentStates ?? false,
      severalDocuments: this._supportsMultipleFilesPerChannel,
    });
    this._partUse = new GeometryPartUse(imodel);
    const { statistics, beforeWrite, _index: index, _provenance: provenance, _partUse: partUse } = this;
    const deleter = new ElementDeleter({ imodel, index, statistics, partUse, beforeWrite });
    const isAnySeen = (ids: Id64String[]) => ids.some((id) => this._seen.has(id)) || index.findMet(ids).size > 0;
    this._deleter = deleter;
    this._writer = new ElementWriter({
      imodel,
      index,
      provenance,
      deleter,
      partUse,
      statistics,
      isAnySeen,
      beforeWrite,
    });
  }

  /** The documents that were recorded so far. */
  public get documents(): RecordedDocument[] {
    return this._documents.documents;
  }

  /** What the iModel knows of an item. It does not count as met by that. */
  public findItem(scope: Id64String, kind: string, id: string): KnownElement | undefined {
    return this._index.find(scope, kind, id);
  }

  /** Those of the elements for which something was met in this run, or that were named to `onElementSeen`. */
  public findSeen(elementIds: Iterable<Id64String>): Set<Id64String> {
    const ids = [...elementIds];
    const seen = this._index.findMet(ids);
    for (const id of ids) if (this._seen.has(id)) seen.add(id);
    return seen;
  }

  /** Makes the next run read a document again, because this one could not take in all of it. */
  public reopenDocument(linkId: Id64String): void {
    this._documents.reopen(linkId);
  }

  /**
   * Records a document of the source: finds or inserts its RepositoryLink and ExternalSource.
   *
   * `itemState` of the result tells whether the document changed since it was last recorded. A connector may skip
   * an unchanged one whole; nothing of it is deleted then.
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
    kind = "DocumentWithBeGuid",
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
   * An item that comes a second time in a run, in another state, is reported as a duplicate (`sync/duplicate-item`). The
   * first one counts, so that the next run finds it unchanged; the second one is answered with Unchanged.
   * @param scope - the element within which the kind and the identifier are unique
   * @param sourceKind - what sort of item it is, such as the name of its table or class
   */
  public detectChanges(scope: Id64String, sourceKind: string, item: SourceItem): ChangeResults {
    const record = this._index.find(scope, sourceKind, item.id);
    if (record === undefined) return { state: ItemState.New };
    if (this._isDuplicate(record, item, sourceKind)) return { id: record.elementId, state: ItemState.Unchanged };
    const state = compareItem(item, record, this._checksums);
    if (state === ItemState.Unchanged) this._keep(record, item);
    else record.met ??= this._stateOf(item);
    return { id: record.elementId, state };
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
   * @throws ConnectorError if the iModel refuses the element
   */
  public updateIModel(
    results: SynchronizationResults,
    scope: Id64String,
    sourceItem: SourceItem,
    kind: string,
  ): IModelStatus {
    const record = this._index.find(scope, kind, sourceItem.id);
    const known = Id64.isValid(results.element.id) ? results.element.id : record?.elementId;
    if (results.itemState === ItemState.Unchanged) {
      if (known !== undefined) this.onElementSeen(known);
      return IModelStatus.Success;
    }
    if (known === undefined) return this._insert(results, scope, sourceItem, kind);
    if (record !== undefined && results.itemState === ItemState.New && this._isWritten(record)) {
      results.element.id = known;
      return this._isDuplicate(record, sourceItem, kind) ? IModelStatus.DuplicateCode : IModelStatus.Success;
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
    const record = this._index.find(scope, kind, sourceItem.id);
    const state = this._stateOf(sourceItem);
    if (record?.elementId === element.id) this._provenance.update(record, state);
    else
      this._provenance.insert(
        element.id,
        scope,
        { kind, identifier: sourceItem.id },
        { sourceId: this._documents.sourceOf(scope), ...state },
      );
    return IModelStatus.Success;
  }

  /**
   * Inserts an element with its parts, without provenance for the element itself.
   * @returns `IModelStatus.Success`
   */
  public insertResultsIntoIModel(results: SynchronizationResults): IModelStatus {
    this._writer.insertTree(results);
    this.onElementSeen(results.element.id);
    return IModelStatus.Success;
  }

  /**
   * Updates an element, which must have its id, and its parts.
   * @returns `IModelStatus.Success`
   */
  public updateResultsInIModel(results: SynchronizationResults): IModelStatus {
    this._writer.updateTree(results, results.element.id);
    this.onElementSeen(results.element.id);
    return IModelStatus.Success;
  }

  /** Notes that what an element stands for is still in the source, so that the element is not deleted. */
  public onElementSeen(id: Id64String): void {
    this._seen.add(id);
  }

  /**
   * Deletes the elements of all items that were not met in this run.
   *
   * It touches only what the job made: elements with provenance below the job's Subject or, with several files per
   * channel, those of the documents that were recorded in this run. What a document brought that was recorded as
   * unchanged stays. Definitions that are in use stay and are reported.
   */
  public detectDeletedElements(): void {
    const ownership = new OwnershipRules(this.imodel, {
      job: this.job,
      documents: this.documents,
      onlyRecordedDocuments: this._supportsMultipleFilesPerChannel,
      isUsedScope: (scopeId) => this._index.isUsedScope(scopeId),
    });
    new DeletionDetector({
      imodel: this.imodel,
      index: this._index,
      deleter: this._deleter,
      ownership,
      statistics: this.statistics,
      isSeen: (id) => this._seen.has(id),
    }).run();
    this._deleteUnusedParts(ownership);
  }

  /** Writes the new versions and checksums of the recorded documents. The run calls it when all else has succeeded. */
  public settleDocuments(): void {
    this._documents.settle();
  }

  private _insert(results: SynchronizationResults, scope: Id64String, item: SourceItem, kind: string): IModelStatus {
    this._writer.insertTree(results);
    this._countItem("new");
    this.statistics.list({ change: "inserted", kind, identifier: item.id, elementId: results.element.id });
    return this.setExternalSourceAspect(results.element, ItemState.New, scope, item, kind);
  }

  private _update(
    results: SynchronizationResults,
    elementId: Id64String,
    scope: Id64String,
    item: SourceItem,
    kind: string,
  ): IModelStatus {
    const isReplaced = this._writer.updateTree({ ...results, itemState: ItemState.Changed }, elementId);
    this._countItem("changed");
    if (isReplaced) this.statistics.replaced++;
    const change = isReplaced ? "replaced" : "updated";
    this.statistics.list({ change, kind, identifier: item.id, elementId: results.element.id });
    return this.setExternalSourceAspect(results.element, ItemState.Changed, scope, item, kind);
  }

  private _countItem(state: "new" | "changed" | "unchanged"): void {
    this.statistics[state]++;
    this.onItem.raiseEvent(this.statistics.items);
  }

  private _deleteUnusedParts(ownership: OwnershipRules): void {
    const own = this._partUse.released.filter((part) => !this._seen.has(part.elementId) && ownership.liesInJob(part));
    if (own.length > 0) this._deleter.deleteUnusedDefinitions(own.map(({ elementId }) => elementId));
  }

  private _keep(record: ProvenanceRecord, item: SourceItem): void {
    if (record.met === undefined) this._countItem("unchanged");
    record.met = record;
    if (item.version !== undefined && item.version !== record.version)
      this._provenance.update(record, { version: item.version, checksum: record.checksum });
  }

  private _stateOf(item: SourceItem): ItemVersion {
    return { version: item.version, checksum: this._checksums.of(item) };
  }

  private _isWritten(record: ProvenanceRecord): boolean {
    return record.met === record;
  }

  /** Reports an item that comes again in another state than the run has met it in. */
  private _isDuplicate({ met, elementId }: ProvenanceRecord, item: SourceItem, kind: string): boolean {
    if (met === undefined || !isOtherState(item, met, this._checksums)) return false;
    const [first, second] = [describeState(met), describeState(this._stateOf(item))];
    this.statistics.report({
      code: "sync/duplicate-item",
      message:
        `${kind} "${item.id}" comes twice in the source, with ${first} and with ${second}; the first one counts. ` +
        `Give each an identifier of its own, or put them into different scopes or kinds.`,
      elementId,
    });
    return true;
  }
}
