import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel } from "@itwin/core-common";
import { findByGuid, readIdentities } from "../../imodel/elementQueries.js";
import { readElementsOf, readNamesOf } from "./provenanceQueries.js";

/**
 * What an element is called wherever its iModel is copied to, and in each iModel of the same source:
 *
 * - the item or part that it stands for, with the key of its scope unless that is the root Subject;
 * - else its code, by the name of the CodeSpec, again with the key of its scope;
 * - else its federation GUID, which differs between iModels but stays in a copy;
 * - a text that is no GUID for the two elements of {@link wellKnown}.
 */
export type ElementKey =
  [kind: string, id: string, scope?: ElementKey] | { code: [spec: string, value: string, scope?: ElementKey] } | string;

/** The keys of the root Subject, and of the document that a connector processes. */
const wellKnown = { root: "", document: "." };

/** Names elements, and finds them by their names. */
export class ElementKeys {
  private readonly _keys = new Map<Id64String, ElementKey>();
  private readonly _ids = new Map<string, Id64String | undefined>();

  /** @param _documentId - a document whose own identifier may change, so that it is not a part of keys */
  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _documentId?: Id64String,
  ) {}

  public keyOf(elementId: Id64String): ElementKey {
    let key = this._keys.get(elementId);
    if (key !== undefined) return key;
    this._keys.set(elementId, wellKnown.root); // ends a circle of scopes
    this._keys.set(elementId, (key = this._readKey(elementId)));
    return key;
  }

  public find(key: ElementKey): Id64String | undefined {
    const text = JSON.stringify(key);
    if (!this._ids.has(text)) this._ids.set(text, this._readId(key));
    return this._ids.get(text);
  }

  /** Whether an element was named, or found by its name. */
  public knows(elementId: Id64String): boolean {
    return this._keys.has(elementId) || [...this._ids.values()].includes(elementId);
  }

  /** Forgets all names. */
  public forget(): void {
    this._keys.clear();
    this._ids.clear();
  }

  private _readKey(elementId: Id64String): ElementKey {
    if (elementId === IModel.rootSubjectId) return wellKnown.root;
    if (elementId === this._documentId) return wellKnown.document;
    const item = readNamesOf(this._imodel, elementId).find(({ scopeId }) => scopeId !== elementId);
    if (item !== undefined) return this._within(item.kind, item.identifier, item.scopeId);
    const [element] = readIdentities(this._imodel, [elementId]);
    if (element?.code === undefined) return element?.guid ?? elementId;
    const { spec, scope, value } = element.code;
    return { code: this._within(this._imodel.codeSpecs.getById(spec).name, value, scope) };
  }

  private _within(first: string, second: string, scopeId: Id64String): [string, string, ElementKey?] {
    return scopeId === IModel.rootSubjectId ? [first, second] : [first, second, this.keyOf(scopeId)];
  }

  private _readId(key: ElementKey): Id64String | undefined {
    if (key === wellKnown.root) return IModel.rootSubjectId;
    if (key === wellKnown.document) return this._documentId;
    if (typeof key === "string") return findByGuid(this._imodel, key);
    const [first, second, outer = wellKnown.root] = Array.isArray(key) ? key : key.code;
    const scope = this.find(outer);
    if (scope === undefined) return undefined;
    if (Array.isArray(key)) return readElementsOf(this._imodel, scope, { kind: first, identifier: second })[0];
    const { codeSpecs, elements } = this._imodel;
    if (!codeSpecs.hasName(first)) return undefined;
    return elements.queryElementIdByCode(new Code({ spec: codeSpecs.getByName(first).id, scope, value: second }));
  }
}
