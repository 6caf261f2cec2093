import { Id64, type Id64String } from "@itwin/core-bentley";
import { ElementKeys, type ElementKey } from "../../sync/provenance/ElementKeys.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import type { MadeLink, MadeReferences, MadeTarget } from "./MadeReferences.js";
import { readItemsOf } from "./namedElements.js";
import type { EntityReference } from "./SourceEntity.js";

/**
 * An entity as it is recorded: its kind and identifier, and its scope where that is another one than the scope of the
 * entity that refers to it. An element id alone is what version 0.1 has written.
 */
type TargetKey = [kind: string, id: string, scope?: ElementKey] | Id64String;

type LinkKey =
  | [className: string, target: TargetKey, properties?: string | null]
  | [linkId: Id64String, className: string, targetId: Id64String, properties?: string | null];

/** The references of an entity in the JSON properties of its ExternalSourceAspect. */
export interface RecordedReferences {
  links: LinkKey[];
  navigations: Record<string, TargetKey>;
}

/**
 * Records references by what identifies their targets in the source. Element ids would be wrong as soon as the iModel is
 * copied by a transformer, and differ between two iModels of the same source.
 */
export class ReferenceJson {
  private readonly _scopes: ElementKeys;

  public constructor(
    private readonly _synchronizer: Synchronizer,
    private readonly _documentId: Id64String,
  ) {
    this._scopes = new ElementKeys(_synchronizer.imodel, _documentId);
  }

  /** Whether a scope was named, or found by its name. */
  public knowsScope(scopeId: Id64String): boolean {
    return this._scopes.knows(scopeId);
  }

  /** Forgets what scopes are called, since one was replaced. */
  public forgetScopes(): void {
    this._scopes.forget();
  }

  public write({
    links,
    navigations,
    scopeId,
  }: Pick<MadeReferences, "links" | "navigations" | "scopeId">): RecordedReferences {
    const keyOf = ({ target }: MadeTarget) => this._keyOf(target, scopeId);
    return {
      links: links.map((link) => [link.className, keyOf(link), link.properties]),
      navigations: Object.fromEntries([...navigations].map(([property, made]) => [property, keyOf(made)])),
    };
  }

  /** What leads to an entity that the iModel no longer has is left out: it has gone with its element. */
  public read(
    { links, navigations }: RecordedReferences,
    scopeId: Id64String,
  ): Pick<MadeReferences, "links" | "navigations"> {
    const made = new Map<string, MadeTarget>();
    for (const [property, key] of Object.entries(navigations)) {
      const target = this._find(key, scopeId);
      if (target !== undefined) made.set(property, target);
    }
    return { links: links.flatMap((link) => this._readLink(link, scopeId)), navigations: made };
  }

  private _readLink(link: LinkKey, scopeId: Id64String): MadeLink[] {
    const [className, key, properties] = isOldLink(link) ? [link[1], link[2], link[3]] : link;
    const target = this._find(key, scopeId);
    return target === undefined ? [] : [{ ...target, className, properties: properties ?? undefined }];
  }

  private _keyOf({ kind, id, scope = this._documentId }: EntityReference, ownScopeId: Id64String): TargetKey {
    return scope === ownScopeId ? [kind, id] : [kind, id, this._scopes.keyOf(scope)];
  }

  private _find(key: TargetKey, ownScopeId: Id64String): MadeTarget | undefined {
    if (typeof key === "string") return this._targetOf(key);
    const [kind, id, scopeKey] = key;
    const scope = scopeKey === undefined ? ownScopeId : this._scopes.find(scopeKey);
    const targetId = scope && this._synchronizer.findItem(scope, kind, id)?.elementId;
    return targetId === undefined ? undefined : { target: { kind, id, scope }, targetId };
  }

  private _targetOf(targetId: Id64String): MadeTarget | undefined {
    const target = readItemsOf(this._synchronizer.imodel, [targetId]).get(targetId);
    return target && { target, targetId };
  }
}

function isOldLink(link: LinkKey): link is Extract<LinkKey, { 2: Id64String }> {
  return Id64.isValidId64(link[0]) && typeof link[1] === "string";
}
