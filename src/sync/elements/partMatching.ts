import type { Element } from "@itwin/core-backend";
import { Id64 } from "@itwin/core-bentley";
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

/** The identifier that a part brings along: its federation GUID, else its code. */
export function ownIdentifierOf(element: Element): string | undefined {
  if (element.federationGuid) return element.federationGuid;
  const { spec, scope, value } = element.code;
  return value ? `${spec}/${scope}/${value}` : undefined;
}

/**
 * Matches parts with known ones: by element id, else by the identifier that they bring along, else in order.
 * A part that has no identifier and that the connector calls new is not matched in order. One that is matched in order
 * counts as changed: its place in the order does not tell which part it was before.
 */
export function matchParts(parts: SynchronizationResults[], known: KnownPart[]): PartMatches {
  const left = new Set(known);
  const byId = new Map(known.map((item) => [item.record.elementId, item]));
  // Codes and GUIDs are compared without case: one whose case changed is the same part.
  const byIdentifier = new Map(known.flatMap((item) => namesOf(item).map((name) => [name.toLowerCase(), item])));
  const found = new Map<SynchronizationResults, KnownPart>();

  const take = (part: SynchronizationResults, item: KnownPart | undefined) => {
    if (item !== undefined && left.delete(item)) found.set(part, item);
  };
  for (const part of parts) if (Id64.isValid(part.element.id)) take(part, byId.get(part.element.id));
  for (const part of parts)
    if (!found.has(part)) take(part, byIdentifier.get(ownIdentifierOf(part.element)?.toLowerCase() ?? ""));
  const identified = new Set(found.keys());
  const unnamed = [...left].filter((item) => item.identifier.startsWith("#"));
  for (const part of parts) if (!found.has(part) && isMatchedInOrder(part)) take(part, unnamed.shift());

  const matched = [...found].map(([part, item]) => ({
    part: identified.has(part) ? part : { ...part, itemState: ItemState.Changed },
    item,
  }));
  return {
    matched,
    added: parts.filter((part) => !found.has(part)),
    gone: [...left],
  };
}

function namesOf(item: KnownPart): string[] {
  return "names" in item ? [item.identifier, ...item.names] : [item.identifier];
}

/** Whether a part may be taken for the next one that has no identifier either. */
export function isMatchedInOrder(part: SynchronizationResults): boolean {
  return part.itemState !== ItemState.New && ownIdentifierOf(part.element) === undefined;
}
