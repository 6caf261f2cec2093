import type { IModelDb } from "@itwin/core-backend";
import type { GuidString, Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { readElementsOf, readProvenanceOf } from "../../sync/provenance/provenanceQueries.js";

/**
 * A scope by what identifies it wherever the iModel is copied to: as an item of the source, such as a document, within a
 * scope of its own unless that is the root Subject, or by its federation GUID if it stands for none.
 */
export type ScopeKey = [kind: string, id: string, scope?: ScopeKey] | GuidString;

/** Names scopes, and finds them by their names. */
export class ScopeKeys {
  private readonly _keys = new Map<Id64String, ScopeKey>();
  private readonly _ids = new Map<string, Id64String | undefined>();

  public constructor(private readonly _imodel: IModelDb) {}

  public keyOf(scopeId: Id64String): ScopeKey {
    let key = this._keys.get(scopeId);
    if (key === undefined) this._keys.set(scopeId, (key = this._readKey(scopeId)));
    return key;
  }

  public find(key: ScopeKey): Id64String | undefined {
    const text = JSON.stringify(key);
    if (!this._ids.has(text)) this._ids.set(text, this._readId(key));
    return this._ids.get(text);
  }

  public knows(scopeId: Id64String): boolean {
    return this._keys.has(scopeId) || [...this._ids.values()].includes(scopeId);
  }

  /** Forgets all names. */
  public forget(): void {
    this._keys.clear();
    this._ids.clear();
  }

  private _readKey(scopeId: Id64String): ScopeKey {
    const [item] = readProvenanceOf(this._imodel, [scopeId]);
    if (item === undefined || item.scopeId === scopeId)
      return this._imodel.elements.getElementProps(scopeId).federationGuid ?? scopeId;
    const { kind, identifier, scopeId: outer } = item;
    return outer === IModel.rootSubjectId ? [kind, identifier] : [kind, identifier, this.keyOf(outer)];
  }

  private _readId(key: ScopeKey): Id64String | undefined {
    if (typeof key === "string") return this._imodel.elements.tryGetElementProps({ federationGuid: key })?.id;
    const [kind, identifier, outer] = key;
    const scope = outer === undefined ? IModel.rootSubjectId : this.find(outer);
    return scope && readElementsOf(this._imodel, scope, { kind, identifier })[0];
  }
}
