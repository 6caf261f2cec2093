import type { Element, IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import type { CodeProps } from "@itwin/core-common";
import { readIdentities, scopeIdOf, type ElementIdentity } from "../../imodel/elementQueries.js";
import { foldCase } from "../../imodel/foldCase.js";
import type { PartNames } from "../provenance/PartNames.js";
import type { KnownItem } from "../provenance/provenanceQueries.js";
import type { AdoptedPart } from "../provenance/sharedKeys.js";
import { ItemState, type SynchronizationResults } from "../items/SourceItem.js";

/** A part that the iModel knows: one of ours, or one that another framework has left. */
export type KnownPart = KnownItem | AdoptedPart;

/** A part that a connector gives, with the known part that it is taken for. */
export interface PartMatch {
  part: SynchronizationResults;
  item: KnownPart;
}

/** Which of the parts that a connector gives are known, which are new, and which known ones are gone. */
export interface PartMatches {
  matched: PartMatch[];
  added: SynchronizationResults[];
  gone: KnownPart[];
}

/**
 * Matches parts with known ones: by element id, else by federation GUID or code, else in order.
 *
 * GUIDs and codes are compared with those that the known elements have. Names in provenance count only where an element
 * has another GUID or code for now, because of a conflict for instance.
 */
export class PartMatcher {
  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _names: PartNames,
  ) {}

  /**
   * A part without GUID and code that the connector calls new is not matched in order. One that is matched in order counts
   * as changed: its place in the order does not tell which part it was before.
   */
  public match(
    parts: readonly SynchronizationResults[],
    known: readonly KnownPart[],
    parentId: Id64String,
  ): PartMatches {
    const left = new Set(known);
    const found = new Map<SynchronizationResults, KnownPart>();
    const take = (items: ReadonlyMap<string, KnownPart>, keyOf: (element: Element) => string | undefined) => {
      for (const part of parts) {
        const item = found.has(part) ? undefined : items.get(keyOf(part.element) ?? "");
        if (item !== undefined && left.delete(item)) found.set(part, item);
      }
    };
    take(new Map(known.map((item) => [item.record.elementId, item])), ({ id }) => (Id64.isValid(id) ? id : undefined));
    if (parts.some((part) => !found.has(part) && hasOwnKey(part.element))) {
      take(this._byKeys([...left]), (element) => ownKeyOf(this._imodel, element));
      take(new Map([...left].map((item) => [item.identifier, item])), (element) => this._names.of(element, parentId));
    }
    const identified = new Set(found.keys());
    const unnamed = [...left].filter((item) => item.identifier.startsWith("#"));
    for (const part of parts) {
      const item = !found.has(part) && isMatchedInOrder(part) ? unnamed.shift() : undefined;
      if (item !== undefined && left.delete(item)) found.set(part, item);
    }

    const matched = [...found].map(([part, item]) => ({
      part: identified.has(part) ? part : { ...part, itemState: ItemState.Changed },
      item,
    }));
    return { matched, added: parts.filter((part) => !found.has(part)), gone: [...left] };
  }

  private _byKeys(known: readonly KnownPart[]): Map<string, KnownPart> {
    const byId = new Map(known.map((item) => [item.record.elementId, item]));
    const items = new Map<string, KnownPart>();
    for (const identity of readIdentities(this._imodel, byId.keys())) {
      const item = byId.get(identity.elementId);
      if (item !== undefined) for (const key of keysOf(identity)) items.set(key, item);
    }
    return items;
  }
}

/** Whether a part may be taken for the next one that has no federation GUID and no code either. */
export function isMatchedInOrder(part: SynchronizationResults): boolean {
  return part.itemState !== ItemState.New && !hasOwnKey(part.element);
}

/** The federation GUID or else the code that a part brings along, for comparison with {@link keysOf}. */
export function ownKeyOf(imodel: IModelDb, { federationGuid, code }: Element): string | undefined {
  if (federationGuid) return foldCase(federationGuid);
  const { spec, value } = code;
  return value ? keyOfCode({ spec, value, scope: scopeIdOf(imodel, code) ?? "" }) : undefined;
}

function hasOwnKey({ federationGuid, code }: Element): boolean {
  return Boolean(federationGuid) || Boolean(code.value);
}

/** The federation GUID and the code that an element has. */
export function keysOf({ guid, code }: ElementIdentity): string[] {
  return [...(guid === undefined ? [] : [foldCase(guid)]), ...(code === undefined ? [] : [keyOfCode(code)])];
}

function keyOfCode({ spec, scope, value = "" }: CodeProps): string {
  return `${spec}/${scope}/${foldCase(value)}`;
}
