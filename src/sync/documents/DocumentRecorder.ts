import type { RepositoryLink } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { checkItem } from "../items/checkItem.js";
import { compareItem, type Checksums } from "../items/changeDetection.js";
import { ClassContract } from "./ClassContract.js";
import type { FoundClasses, SchemaContract } from "./SourceClasses.js";
import { DocumentNotes } from "./DocumentNotes.js";
import type { DocumentElements } from "./DocumentElements.js";
import { DocumentFinder, type FoundDocument } from "./DocumentFinder.js";
import { DocumentSources, type SourceOwner } from "./DocumentSources.js";
import { identify, type DocumentIdentity, type GivenDocument, type IdentifiedDocument } from "./DocumentIdentity.js";
import { readProvenanceOf, type Origin } from "../provenance/provenanceQueries.js";
import type { ProvenanceRecord } from "../provenance/ProvenanceRecord.js";
import type { RecordedDocument } from "../provenance/RecordedDocument.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import { ItemState, type ItemVersion, type SourceItem, type SynchronizationResults } from "../items/SourceItem.js";

/** What {@link DocumentRecorder} needs to know of the run. */
export interface DocumentRecorderOptions extends SourceOwner {
  /** Identities by the local path that the connector will use. */
  identities: ReadonlyMap<string, DocumentIdentity>;
  /** Whether versions and checksums wait for {@link DocumentRecorder.settle}. */
  deferStates: boolean;
  /** What may change about the classes of documents. */
  schemaContract: SchemaContract;
  /** Whether a run processes several documents, so that a scope outside of them cannot be put down to one. */
  severalDocuments: boolean;
}

/** A recorded document with what is needed to settle it, and to answer for it again. */
interface Recording {
  document: RecordedDocument;
  item: SourceItem;
  record: ProvenanceRecord;
  results: SynchronizationResults;
}

/** Records the documents of the source: a RepositoryLink, its provenance, and an ExternalSource for each. */
export class DocumentRecorder {
  private readonly _recordings = new Map<Id64String, Recording>();
  private readonly _reopened = new Set<Id64String>();
  private readonly _notes: DocumentNotes;
  private readonly _contract: ClassContract;
  private _latest?: Id64String;
  private readonly _sourceOfScope = new Map<Id64String, Id64String | undefined>();

  private readonly _finder: DocumentFinder;
  private readonly _sources: DocumentSources;

  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _elements: DocumentElements,
    private readonly _checksums: Checksums,
    private readonly _options: DocumentRecorderOptions,
  ) {
    this._notes = new DocumentNotes(_context);
    this._contract = new ClassContract(_context, this._notes, _options.schemaContract);
    this._finder = new DocumentFinder(_context);
    this._sources = new DocumentSources(_context, _options);
  }

  /** The documents that were recorded in this run. */
  public get documents(): RecordedDocument[] {
    return [...this._recordings.values()].map(({ document }) => document);
  }

  /** The RepositoryLink of the document that was recorded last. */
  public get latest(): Id64String | undefined {
    return this._latest;
  }

  /** Finds or inserts the elements of a document and tells whether the document changed since it was last recorded. */
  public record(given: GivenDocument): SynchronizationResults {
    checkItem(given.kind, given.item);
    this._context.requireScope(given.scopeId, `${given.kind} "${given.item.id}"`);
    const document = identify(given, this._options.identities.get(given.item.id));
    const found = this._finder.find(document, (linkId) => this._recordings.has(linkId));
    const earlier = found && this._recordings.get(found.linkId);
    if (earlier === undefined || !isSameState(earlier.item, document.item)) return this._record(document, found);
    this._latest = earlier.document.linkId;
    return earlier.results;
  }

  private _record(document: IdentifiedDocument, found: FoundDocument | undefined): SynchronizationResults {
    const { scopeId, item } = document;
    const known = found && this._claim(document, found);
    const state = known === undefined ? ItemState.New : compareItem(item, known, this._checksums);
    const link = this._writeElement(document, found?.linkId, known && { record: known, state });
    const sourceId = this._sources.findOrInsert(link);
    const record = this._provenanceOf(link, sourceId, document, known);
    const isRoot = !this._recordings.has(scopeId);
    const results = { element: link, itemState: state };
    this._recordings.set(link.id, { document: { linkId: link.id, sourceId, state, isRoot }, item, record, results });
    this._latest = link.id;
    if (state === ItemState.Unchanged) this._notes.recall(link.id, sourceId);
    this._sourceOfScope.clear();
    if (!this._options.deferStates) this.settle();
    return results;
  }

  /** Makes what was found this connector's, under the identifier that the document has now. */
  private _claim({ scopeId, kind, item }: IdentifiedDocument, found: FoundDocument): ProvenanceRecord | undefined {
    const record = this._sources.claim(found);
    const { formerKey } = found;
    if (record !== undefined && formerKey !== undefined)
      this._context.provenance.rename(scopeId, formerKey, record, { kind, identifier: item.id });
    return record;
  }

  private _writeElement(
    document: IdentifiedDocument,
    linkId: Id64String | undefined,
    known: { record: ProvenanceRecord; state: ItemState } | undefined,
  ): RepositoryLink {
    if (linkId === undefined) return this._elements.insert(document);
    const isUnchanged = known?.state === ItemState.Unchanged;
    return this._elements.update(linkId, document, { ownAspectId: known?.record.aspectId, isUnchanged });
  }

  /**
   * Writes the versions and checksums of the recorded documents, which is to say: they have been synchronized. What was
   * noted of them goes with it.
   */
  public settle(): void {
    for (const recording of this._recordings.values()) {
      const { record, document } = recording;
      const state = this._reopened.has(record.elementId) ? {} : this._stateOf(recording);
      if (this._options.deferStates) this._notes.keep(document, markOf(state)); // else nothing of it was read yet
      if (record.version !== state.version || record.checksum !== state.checksum)
        this._context.provenance.update(record, state);
    }
  }

  /** Where the version tells that nothing changed, no checksum is computed. */
  private _stateOf({ record, item }: Recording): ItemVersion {
    const isKnownVersion = item.version !== undefined && item.version === record.version;
    return { version: item.version, checksum: isKnownVersion ? record.checksum : this._checksums.of(item) };
  }

  /** Makes a document count as changed in the next run, whatever its state is then. */
  public reopen(linkId: Id64String): void {
    this._reopened.add(linkId);
  }

  /** The same for all documents of this run. */
  public reopenAll(): void {
    for (const linkId of this._recordings.keys()) this.reopen(linkId);
  }

  /** Whether an item is one of those that this run processes. */
  public isOfRun({ scopeId, sourceId }: Origin): boolean {
    if (sourceId === undefined) return this._context.index.isUsedScope(scopeId);
    return this.documents.some((document) => document.sourceId === sourceId);
  }

  /**
   * Checks the classes of a document that was recorded in this run, by default the last one.
   * @throws ConnectorError `run/schema-changed`
   */
  public checkClasses(found: FoundClasses): void {
    const { document: linkId = this._latest } = found;
    const recording = linkId === undefined ? undefined : this._recordings.get(linkId);
    if (recording === undefined) throw new Error("the classes of a document are checked after it is recorded");
    this._contract.check(found, recording.document);
    if (!this._options.deferStates) this._notes.keepClasses(recording.document); // no later step settles it
  }

  /** What the connector found out about a recorded document when it was read last, as plain data. */
  public findingsOf(linkId: Id64String): unknown {
    const sourceId = this._recordings.get(linkId)?.document.sourceId;
    return sourceId === undefined ? undefined : this._notes.findingsOf(sourceId);
  }

  /** Whether {@link findingsOf} was found out in the state that the iModel holds of the document: that of its last run. */
  public areFindingsOfLastRun(linkId: Id64String): boolean {
    const recording = this._recordings.get(linkId);
    if (recording === undefined) return false;
    const state = this._notes.findingsStateOf(recording.document.sourceId);
    return state !== undefined && state === markOf(recording.record);
  }

  /** Keeps what the connector has found out about a recorded document for its next run. */
  public noteFindings(linkId: Id64String, findings: unknown): void {
    this._notes.noteFindings(linkId, findings);
  }

  /** The ExternalSource that items within a scope come from, as far as that can be told. */
  public sourceOf(scopeId: Id64String): Id64String | undefined {
    if (!this._sourceOfScope.has(scopeId)) this._sourceOfScope.set(scopeId, this._findSourceOf(scopeId));
    return this._sourceOfScope.get(scopeId);
  }

  private _findSourceOf(scopeId: Id64String): Id64String | undefined {
    const recording = this._recordings.get(scopeId);
    if (recording !== undefined) return recording.document.sourceId;
    const inherited = readProvenanceOf(this._context.imodel, [scopeId]).find(({ sourceId }) => sourceId !== undefined);
    if (inherited !== undefined) return inherited.sourceId;
    const [only, ...others] = this._recordings.values();
    return others.length === 0 && !this._options.severalDocuments ? only?.document.sourceId : undefined;
  }

  /** What was known of the document, moved to the element that has taken the place of its former one, or new. */
  private _provenanceOf(
    link: RepositoryLink,
    sourceId: Id64String,
    { scopeId, kind, item }: IdentifiedDocument,
    known: ProvenanceRecord | undefined,
  ): ProvenanceRecord {
    if (known?.elementId === link.id) {
      this._sources.assign(known, sourceId);
      return known;
    }
    const { version, checksum } = known ?? {};
    return this._context.provenance.insert(
      link.id,
      scopeId,
      { kind, identifier: item.id },
      { sourceId, version, checksum },
    );
  }
}

function markOf({ version, checksum }: ItemVersion): string | undefined {
  return checksum ?? version;
}

function isSameState(left: SourceItem, right: SourceItem): boolean {
  return left.version === right.version && left.checksum === right.checksum;
}
