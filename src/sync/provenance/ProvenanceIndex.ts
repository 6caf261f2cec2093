import type { IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import { NewAspects } from "./NewAspects.js";
import {
  partKind,
  readProvenanceOf,
  readScope,
  type ElementProvenance,
  type ItemKey,
  type ItemVisitor,
  type KnownItem,
  type Origin,
  type ScopeSelection,
} from "./provenanceQueries.js";
import type { ProvenanceRecord } from "./ProvenanceRecord.js";

/** By kind, then by identifier: a key made of both would be one more string for each item. */
type ScopeRecords = Map<string, Map<string, ProvenanceRecord>>;

/**
 * What the iModel knows of the source: its ExternalSourceAspects, read once for a scope when the scope is first
 * asked for, and looked up in memory from then on. It is kept up with what this run writes.
 */
export class ProvenanceIndex {
  private readonly _scopes = new Map<Id64String, ScopeRecords>();
  private readonly _deletedElements = new Set<Id64String>();
  private readonly _newAspects: NewAspects;

  /**
   * @param _foreignSources - ExternalSources of other connectors, which may know the same document and call what they
   * find in it by the same names
   */
  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _foreignSources: readonly Id64String[] = [],
  ) {
    this._newAspects = new NewAspects(_imodel);
  }

  /**
   * What is known of an item. Where several aspects claim the same item, the oldest one counts. What a connector wrote
   * by itself a moment ago is known too.
   */
  public find(scopeId: Id64String, kind: string, identifier: string): ProvenanceRecord | undefined {
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
    return parts.sort((left, right) => compareIds(left.record.aspectId, right.record.aspectId));
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

  /** Whether anything was looked up within a scope. */
  public isUsedScope(scopeId: Id64String): boolean {
    return this._scopes.has(scopeId);
  }

  /**
   * Takes in a record that was written in this run. It replaces an older one of the same item. A scope that was not
   * asked for yet is not read for it: it will be read with this record, if ever.
   */
  public add(scopeId: Id64String, { kind, identifier }: ItemKey, record: ProvenanceRecord): void {
    this._takeIn(this._newAspects.passOwn(record.aspectId));
    const records = this._scopes.get(scopeId);
    if (records !== undefined) put(records, kind, identifier, record);
  }

  /** Makes what is known within an element known within the one that took its place. Its parts are gone with it. */
  public moveScope(scopeId: Id64String, newScopeId: Id64String): void {
    const records = this._scopes.get(scopeId);
    if (records === undefined) return;
    this._scopes.delete(scopeId);
    const moved = this._recordsOf(newScopeId);
    for (const [kind, ofKind] of records) if (kind !== partKind) moved.set(kind, ofKind);
  }

  /** Makes an item known under another identifier. */
  public rename(scopeId: Id64String, key: ItemKey, record: ProvenanceRecord, identifier: string): void {
    const records = this._recordsOf(scopeId);
    records.get(key.kind)?.delete(key.identifier);
    put(records, key.kind, identifier, record);
  }

  /** Forgets an element that was deleted: whatever stood for it is new from now on. */
  public forgetElement(elementId: Id64String): void {
    this._deletedElements.add(elementId);
  }

  private _lookUp(records: ScopeRecords | undefined, kind: string, identifier: string): ProvenanceRecord | undefined {
    const record = records?.get(kind)?.get(identifier);
    return record !== undefined && this._isThere(record) ? record : undefined;
  }

  /** Scopes that were not read yet will be, with these items. */
  private _takeIn(items: (KnownItem & Origin)[]): void {
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
      records = readRecords(this._imodel, { scopeId, foreignSources: this._foreignSources });
      this._scopes.set(scopeId, records);
    }
    return records;
  }
}

function readRecords(imodel: IModelDb, selection: ScopeSelection): ScopeRecords {
  const records: ScopeRecords = new Map();
  readScope(imodel, selection, (record, kind, identifier) => {
    if (!records.get(kind)?.has(identifier)) put(records, kind, identifier, record);
  });
  return records;
}

function put(records: ScopeRecords, kind: string, identifier: string, record: ProvenanceRecord): void {
  let ofKind = records.get(kind);
  if (ofKind === undefined) records.set(kind, (ofKind = new Map<string, ProvenanceRecord>()));
  ofKind.set(identifier, record);
}

function compareIds(left: Id64String, right: Id64String): number {
  return Id64.getBriefcaseId(left) - Id64.getBriefcaseId(right) || Id64.getLocalId(left) - Id64.getLocalId(right);
}
