import type { IModelDb } from "@itwin/core-backend";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { isId } from "../../imodel/isId.js";
import { invalidScope } from "./invalidScope.js";
import { NewAspects } from "./NewAspects.js";
import { PartNames } from "./PartNames.js";
import {
  compareIds,
  countAspects,
  partKind,
  readProvenanceOf,
  readScope,
  type ElementProvenance,
  type ItemKey,
  type ItemVisitor,
  type KnownItem,
  type Origin,
} from "./provenanceQueries.js";
import { settleKeys, type AdoptedPart, type SharedKey } from "./sharedKeys.js";
import { ProvenanceRecord } from "./ProvenanceRecord.js";
import { setOrDelete, UndoLog } from "./UndoLog.js";

/** By kind, then by identifier: a key made of both would be one more string for each item. */
type ScopeRecords = Map<string, Map<string, ProvenanceRecord>>;

/**
 * What the iModel knows of the source: its ExternalSourceAspects, read once for a scope when the scope is first
 * asked for, and looked up in memory from then on. It is kept up with what this run writes.
 */
export class ProvenanceIndex {
  private readonly _scopes = new Map<Id64String, ScopeRecords>();
  private readonly _adoptedParts = new Map<Id64String, AdoptedPart[]>();
  private readonly _deletedElements = new Set<Id64String>();
  private readonly _newAspects: NewAspects;

  /** How many ExternalSourceAspects the iModel had before the run. */
  private readonly _aspectsBefore: number;
  /** How many of them lie within the scopes that were read. */
  private _aspectsRead = 0;

  private readonly _foreignSources: Set<Id64String>;
  /** What parts are called. */
  public readonly partNames: PartNames;

  /**
   * @param foreignSources - ExternalSources of other connectors, which may know the same document and call what they
   * find in it by the same names
   */
  public constructor(
    private readonly _imodel: IModelDb,
    foreignSources: readonly Id64String[] = [],
    private readonly _undo = new UndoLog(),
  ) {
    this._foreignSources = new Set(foreignSources);
    this.partNames = new PartNames(_imodel);
    this._newAspects = new NewAspects(_imodel);
    this._aspectsBefore = countAspects(_imodel);
  }

  /** Leaves out what came from an ExternalSource, in scopes that are read from now on. */
  public ignoreSource(sourceId: Id64String): void {
    this._foreignSources.add(sourceId);
  }

  /**
   * What is known of an item. Where several aspects claim the same item, the oldest one counts. What a connector wrote
   * by itself a moment ago is known too.
   * @throws ConnectorError `sync/invalid-scope` for a scope that is not the id of an element
   */
  public find(scopeId: Id64String, kind: string, identifier: string): ProvenanceRecord | undefined {
    if (!this._scopes.has(scopeId) && !isId(scopeId)) throw invalidScope(scopeId, `${kind} "${identifier}"`);
    const record = this._lookUp(this._recordsOf(scopeId), kind, identifier);
    if (record !== undefined) return record;
    return this.takeInOthers() ? this._lookUp(this._recordsOf(scopeId), kind, identifier) : undefined;
  }

  /** Between these two ids lie all aspects that were written since the index was made. */
  public get newAspects(): readonly [after: Id64String, before: Id64String] {
    return this._newAspects.range;
  }

  /** Takes in what a connector wrote by itself, and tells whether there was anything. */
  public takeInOthers(): boolean {
    const items = this._newAspects.readOthers();
    this._takeIn(items);
    return items.length > 0;
  }

  /** Hands over all that is known within a scope. */
  public forEachItem(scopeId: Id64String, visit: ItemVisitor): void {
    for (const [kind, records] of this._recordsOf(scopeId))
      records.forEach((record, identifier) => {
        if (this._isThere(record)) visit(record, kind, identifier);
      });
  }

  /** The parts of an element, oldest first. */
  public partsOf(parentId: Id64String): KnownItem[] {
    const parts: KnownItem[] = [];
    this.forEachItem(parentId, (record, kind, identifier) => {
      if (kind === partKind) parts.push({ kind, identifier, record });
    });
    parts.sort((left, right) => compareIds(left.record.aspectId, right.record.aspectId));
    return [...parts, ...this.adoptedPartsOf(parentId)];
  }

  /** The parts of an element that another framework has left, in the order of their elements. */
  public adoptedPartsOf(parentId: Id64String): AdoptedPart[] {
    const parts = this._adoptedParts.get(parentId) ?? [];
    return parts.filter(({ record }) => this._isThere(record));
  }

  /** Takes note that a part of another framework is one of ours. */
  public adoptPart(part: AdoptedPart, identifier: string): void {
    const { parentId, kind, record } = part;
    const others = this.adoptedPartsOf(parentId).filter((other) => other.record !== record);
    const before = this._adoptedParts.get(parentId) ?? [];
    this._adoptedParts.set(parentId, others);
    this._undo.note(() => this._adoptedParts.set(parentId, before));
    this._put(this._recordsOf(parentId), kind, identifier, record);
  }

  /** Which of the elements stand for items that this run has seen. */
  public findSeen(elementIds: Iterable<Id64String>): Set<Id64String> {
    const provenance = readProvenanceOf(this._imodel, elementIds);
    return new Set(provenance.filter((item) => this.isSeen(item)).map(({ elementId }) => elementId));
  }

  /** Whether this run has seen an item that the element stands for. */
  public isSeen({ scopeId, kind, identifier, elementId }: ElementProvenance): boolean {
    const record = this._lookUp(this._scopes.get(scopeId), kind, identifier);
    return record?.isSeen === true && record.elementId === elementId;
  }

  /** The scopes within which anything was looked up. */
  public get usedScopes(): Iterable<Id64String> {
    return this._scopes.keys();
  }

  /**
   * Whether the used scopes hold all that the iModel knew of any source before the run. False too where that cannot be told
   * any more, since the run has written something.
   */
  public get areAllScopesUsed(): boolean {
    return this._aspectsRead === this._aspectsBefore;
  }

  /** Whether anything was looked up within a scope. */
  public isUsedScope(scopeId: Id64String): boolean {
    return this._scopes.has(scopeId);
  }

  /**
   * Takes in a record that was written in this run. It replaces an older one of the same item. A scope that was not
   * asked for yet is not read for it: it will be read with this record, if ever.
   */
  public add(scopeId: Id64String, { kind, identifier }: ItemKey, record: ProvenanceRecord): void {
    this._aspectsRead = NaN;
    this._undo.note(this._newAspects.mark());
    this._takeIn(this._newAspects.passOwn(record.aspectId));
    const records = this._scopes.get(scopeId);
    if (records !== undefined) this._put(records, kind, identifier, record);
  }

  /** Makes what is known within an element known within the one that took its place. Its parts are gone with it. */
  public moveScope(scopeId: Id64String, newScopeId: Id64String): void {
    const records = this._scopes.get(scopeId);
    if (records === undefined) return;
    this._scopes.delete(scopeId);
    const moved = this._recordsOf(newScopeId);
    this._undo.note(() => {
      this._scopes.set(scopeId, records);
      this._scopes.delete(newScopeId);
    });
    for (const [kind, ofKind] of records) if (kind !== partKind) moved.set(kind, ofKind);
  }

  /** Makes an item known under another kind and identifier. */
  public rename(scopeId: Id64String, former: ItemKey, record: ProvenanceRecord, key: ItemKey): void {
    const records = this._recordsOf(scopeId);
    const ofKind = records.get(former.kind);
    // Where two change names, the name of this one may be that of the other one already.
    if (ofKind?.get(former.identifier) === record) ofKind.delete(former.identifier);
    put(records, key.kind, key.identifier, record);
  }

  /** Makes an item known by a new aspect, on the element that took the place of its former one. */
  public moveItem(
    { scopeId, kind, identifier, elementId: formerId }: ElementProvenance,
    { aspectId, elementId }: { aspectId: Id64String; elementId: Id64String },
  ): void {
    const former = this._scopes.get(scopeId)?.get(kind)?.get(identifier);
    if (former?.elementId !== formerId) return;
    const record = new ProvenanceRecord(aspectId, elementId, former.version, former.checksum);
    record.seen = former.seen === former ? record : former.seen;
    this.add(scopeId, { kind, identifier }, record);
  }

  /** Forgets an element that was deleted: whatever stood for it is new from now on. */
  public forgetElement(elementId: Id64String): void {
    this._deletedElements.add(elementId);
    this._undo.note(() => this._deletedElements.delete(elementId));
  }

  private _put(records: ScopeRecords, kind: string, identifier: string, record: ProvenanceRecord): void {
    const before = records.get(kind)?.get(identifier);
    put(records, kind, identifier, record);
    this._undo.note(() => setOrDelete(expectDefined(records.get(kind)), identifier, before));
  }

  private _lookUp(records: ScopeRecords | undefined, kind: string, identifier: string): ProvenanceRecord | undefined {
    const record = records?.get(kind)?.get(identifier);
    return record !== undefined && this._isThere(record) ? record : undefined;
  }

  /** Scopes that were not read yet will be, with these items. */
  private _takeIn(items: (KnownItem & Origin)[]): void {
    if (items.length > 0) this._aspectsRead = NaN;
    for (const { scopeId, record, kind, identifier } of items) {
      const records = this._scopes.get(scopeId);
      if (records !== undefined && !records.get(kind)?.has(identifier)) put(records, kind, identifier, record);
    }
  }

  private _isThere(record: ProvenanceRecord): boolean {
    return this._deletedElements.size === 0 || !this._deletedElements.has(record.elementId);
  }

  private _recordsOf(scopeId: Id64String): ScopeRecords {
    let records = this._scopes.get(scopeId);
    if (records === undefined) {
      records = this._readRecords(scopeId);
      this._scopes.set(scopeId, records);
    }
    return records;
  }

  private _readRecords(scopeId: Id64String): ScopeRecords {
    const records: ScopeRecords = new Map();
    const shared = new Map<ProvenanceRecord, SharedKey>();
    let latest: { kind: string; ofKind: Map<string, ProvenanceRecord> } | undefined; // most scopes hold one kind
    readScope(this._imodel, { scopeId, foreignSources: [...this._foreignSources] }, (record, kind, identifier) => {
      this._aspectsRead++;
      if (latest?.kind !== kind) latest = { kind, ofKind: recordsOfKind(records, kind) };
      const first = latest.ofKind.get(identifier);
      if (first === undefined) latest.ofKind.set(identifier, record);
      else if (shared.has(first)) shared.get(first)?.records.push(record);
      else shared.set(first, { kind, identifier, records: [first, record] });
    });
    for (const { kind, identifier, item, parts } of settleKeys(this._imodel, [...shared.values()], this.partNames)) {
      put(records, kind, identifier, item);
      for (const part of parts) this._addAdopted(part);
    }
    return records;
  }

  private _addAdopted(part: AdoptedPart): void {
    const known = this._adoptedParts.get(part.parentId);
    if (known === undefined) this._adoptedParts.set(part.parentId, [part]);
    else known.push(part);
  }
}

function put(records: ScopeRecords, kind: string, identifier: string, record: ProvenanceRecord): void {
  recordsOfKind(records, kind).set(identifier, record);
}

function recordsOfKind(records: ScopeRecords, kind: string): Map<string, ProvenanceRecord> {
  let ofKind = records.get(kind);
  if (ofKind === undefined) records.set(kind, (ofKind = new Map<string, ProvenanceRecord>()));
  return ofKind;
}
