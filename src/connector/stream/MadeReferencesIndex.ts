import type { Id64String } from "@itwin/core-bentley";
import { eachRow } from "../../imodel/queries.js";
import { parseAspectJson, updateAspectJson } from "../../sync/provenance/aspectJson.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { targetIdsOf, type ElementWithAspect, type MadeReferences } from "./MadeReferences.js";
import { ReferenceJson, type RecordedReferences } from "./ReferenceJson.js";

/**
 * Which references the framework has made, and for which entity: the record that keeps it from touching those of
 * others, which may well be of the same class. It is read once for a scope, when it is first asked for.
 */
export class MadeReferencesIndex {
  private readonly _made = new Map<Id64String, MadeReferences>();
  private readonly _readScopes = new Set<Id64String>();
  private readonly _json: ReferenceJson;
  private _referring?: Map<Id64String, Set<MadeReferences>>;

  /** @param documentId - the scope of entities that name none */
  public constructor(
    private readonly _synchronizer: Synchronizer,
    documentId: Id64String,
  ) {
    this._json = new ReferenceJson(_synchronizer, documentId);
  }

  /** What was made for an element within a scope. */
  public of(scopeId: Id64String, elementId: Id64String): MadeReferences | undefined {
    this.read(scopeId);
    return this._made.get(elementId);
  }

  /** Reads what was made within a scope, unless that is known. What is recorded from then on is not taken for made. */
  public read(scopeId: Id64String): void {
    if (!this._readScopes.has(scopeId)) this._read(scopeId);
  }

  /** All that is known, of the scopes that were asked for. */
  public all(): Iterable<MadeReferences> {
    return this._made.values();
  }

  /** What was made with an element as target. */
  public referringTo(elementId: Id64String): MadeReferences[] {
    if (this._referring === undefined) {
      this._referring = new Map();
      for (const made of this._made.values()) noteTargets(made, this._referring);
    }
    const isCurrent = (made: MadeReferences) => this._made.get(made.elementId) === made;
    const referring = [...(this._referring.get(elementId) ?? [])].filter(isCurrent);
    return referring.filter((made) => targetIdsOf(made).includes(elementId));
  }

  /** What is recorded of what was made; undefined where there is nothing. */
  public recordOf(made: Pick<MadeReferences, "links" | "navigations" | "scopeId">): RecordedReferences | undefined {
    const isEmpty = made.links.length === 0 && made.navigations.size === 0;
    return isEmpty ? undefined : this._json.write(made);
  }

  /**
   * Records what was made.
   * @param recorded - what was recorded with the element, which may well be that
   */
  public save(made: MadeReferences, recorded?: RecordedReferences): void {
    this._made.set(made.elementId, made);
    if (this._referring !== undefined) noteTargets(made, this._referring);
    const references = this.recordOf(made);
    if (recorded !== undefined && JSON.stringify(references) === JSON.stringify(recorded)) return;
    updateAspectJson(this._synchronizer.imodel, made.aspectId, { references });
  }

  /**
   * Makes what leads to an element, and what was made for it, that of the element that took its place. What leads to it is
   * recorded again, since version 0.1 has recorded its id; its own references are when its entity is taken.
   */
  public move(elementId: Id64String, newId: Id64String): void {
    for (const made of this.referringTo(elementId)) {
      for (const reference of [...made.links, ...made.navigations.values()])
        if (reference.targetId === elementId) reference.targetId = newId;
      if (made.elementId !== elementId) this.save(made);
    }
    this._moveScope(elementId, newId);
    const own = this._made.get(elementId);
    if (own === undefined) return;
    this._made.delete(elementId);
    const moved = { ...own, elementId: newId };
    this._made.set(newId, moved);
    if (this._referring !== undefined) noteTargets(moved, this._referring);
  }

  /** What is known within an element as its scope is known within the one that took its place. */
  private _moveScope(elementId: Id64String, newId: Id64String): void {
    if (!this._readScopes.has(elementId) && !this._json.knowsScope(elementId)) return;
    this._readScopes.add(newId);
    this._json.forgetScopes();
    for (const made of this._made.values()) {
      if (made.scopeId === elementId) made.scopeId = newId;
      for (const reference of [...made.links, ...made.navigations.values()])
        if (reference.target.scope === elementId) reference.target = { ...reference.target, scope: newId };
    }
  }

  private _read(scopeId: Id64String): void {
    this._readScopes.add(scopeId);
    const ecsql = `
      SELECT ECInstanceId, Element.Id, JsonProperties FROM bis.ExternalSourceAspect
      WHERE Scope.Id=? AND JsonProperties IS NOT NULL`;
    const found: [ElementWithAspect, RecordedReferences][] = [];
    eachRow(this._synchronizer.imodel, ecsql, [scopeId], (row) => {
      const { references } = parseAspectJson(row.getValueString(2));
      const known = { aspectId: row.getValueId(0), elementId: row.getValueId(1) };
      if (references !== undefined) found.push([known, references as RecordedReferences]);
    });
    for (const [known, references] of found)
      if (!this._made.has(known.elementId))
        // it may have been written in this run
        this._made.set(known.elementId, { ...known, scopeId, ...this._json.read(references, scopeId) });
  }
}

function noteTargets(made: MadeReferences, referring: Map<Id64String, Set<MadeReferences>>): void {
  for (const targetId of targetIdsOf(made)) {
    const known = referring.get(targetId);
    if (known === undefined) referring.set(targetId, new Set([made]));
    else known.add(made);
  }
}
