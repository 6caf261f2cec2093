import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { updateExternalSourceAspect } from "../../imodel/native.js";
import { eachRow } from "../../imodel/queries.js";
import type { KnownElement } from "../../sync/items/SourceItem.js";

/** A link-table relationship that the framework has made for an entity. */
export interface MadeLink {
  id: Id64String;
  /** As `Schema:Class`. */
  className: string;
  targetId: Id64String;
  /** A hash of its properties, where it has any. */
  properties?: string;
}

/** An element with the ExternalSourceAspect that says what it stands for. */
export type ElementWithAspect = Pick<KnownElement, "elementId" | "aspectId">;

/** The references that the framework has made for an entity. */
export interface MadeReferences extends ElementWithAspect {
  links: MadeLink[];
  /** Target elements, by the names of the navigation properties. */
  navigations: Map<string, Id64String>;
}

/** How they are kept in the JSON properties of the entity's ExternalSourceAspect. */
interface AspectJson {
  references?: {
    links: [id: Id64String, className: string, targetId: Id64String, properties?: string][];
    navigations: Record<string, Id64String>;
  };
}

/**
 * Which references the framework has made, and for which entity: the record that keeps it from touching those of
 * others, which may well be of the same class. It is read once for a scope, when it is first asked for.
 */
export class MadeReferencesIndex {
  private readonly _made = new Map<Id64String, MadeReferences>();
  private readonly _readScopes = new Set<Id64String>();
  private _referring?: Map<Id64String, Set<MadeReferences>>;

  public constructor(private readonly _imodel: IModelDb) {}

  /** What was made for an element within a scope. */
  public of(scopeId: Id64String, elementId: Id64String): MadeReferences | undefined {
    if (!this._readScopes.has(scopeId)) this._read(scopeId);
    return this._made.get(elementId);
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
    return [...(this._referring.get(elementId) ?? [])].filter((made) => targetsOf(made).includes(elementId));
  }

  /** Records what was made. */
  public save(made: MadeReferences): void {
    this._made.set(made.elementId, made);
    if (this._referring !== undefined) noteTargets(made, this._referring);
    const { links, navigations } = made;
    const references = {
      links: links.map(({ id, className, targetId, properties }) => [id, className, targetId, properties]),
      navigations: Object.fromEntries(navigations),
    };
    const isEmpty = links.length === 0 && navigations.size === 0;
    const jsonProperties = isEmpty ? undefined : JSON.stringify({ references });
    updateExternalSourceAspect(this._imodel, made.aspectId, { jsonProperties });
  }

  /** Makes what was made for an element that of the one that took its place. */
  public rename(elementId: Id64String, newId: Id64String): void {
    const made = this._made.get(elementId);
    if (made === undefined) return;
    const renamed = { ...made, elementId: newId };
    this._made.delete(elementId);
    this._made.set(newId, renamed);
    if (this._referring !== undefined) noteTargets(renamed, this._referring);
  }

  private _read(scopeId: Id64String): void {
    this._readScopes.add(scopeId);
    const ecsql = `
      SELECT ECInstanceId, Element.Id, JsonProperties FROM bis.ExternalSourceAspect
      WHERE Scope.Id=? AND JsonProperties IS NOT NULL`;
    eachRow(this._imodel, ecsql, [scopeId], (row) => {
      const { references } = JSON.parse(row.getValueString(2)) as AspectJson;
      if (references !== undefined)
        this._add({ aspectId: row.getValueId(0), elementId: row.getValueId(1) }, references);
    });
  }

  private _add(known: ElementWithAspect, { links, navigations }: NonNullable<AspectJson["references"]>): void {
    if (this._made.has(known.elementId)) return; // written in this run
    this._made.set(known.elementId, {
      ...known,
      links: links.map(([id, className, targetId, properties]) => ({
        id,
        className,
        targetId,
        properties: properties ?? undefined,
      })),
      navigations: new Map(Object.entries(navigations)),
    });
  }
}

function noteTargets(made: MadeReferences, referring: Map<Id64String, Set<MadeReferences>>): void {
  for (const targetId of targetsOf(made)) {
    const known = referring.get(targetId);
    if (known === undefined) referring.set(targetId, new Set([made]));
    else known.add(made);
  }
}

/** The targets of all references of an element. */
export function targetsOf({ links, navigations }: MadeReferences): Id64String[] {
  return [...links.map(({ targetId }) => targetId), ...navigations.values()];
}
