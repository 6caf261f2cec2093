import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { findOfClass } from "../../imodel/elementQueries.js";
import { idOrUndefined, queryIdsOfIds, queryRowsOfIds } from "../../imodel/queries.js";
import { partKind, type ItemKey } from "../provenance/provenanceQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** Where an element hangs, and what it is called. */
interface Element {
  elementId: Id64String;
  ownerId: Id64String;
  label: string | undefined;
}

/**
 * Reports what goes with items without provenance of its own: somebody else may have added it below them.
 * @param going - all elements that go
 * @param items - those of them that stand for items, or are parts
 */
export function reportAdded(
  { imodel, statistics }: Pick<SynchronizationContext, "imodel" | "statistics">,
  going: readonly Id64String[],
  items: ReadonlyMap<Id64String, ItemKey>,
): void {
  const added = findWithoutProvenance(
    imodel,
    going.filter((id) => !items.has(id)),
  );
  for (const [itemId, [first, ...others]] of groupByItem(imodel, { added, going, items })) {
    const item = items.get(itemId);
    if (item === undefined || first === undefined) continue;
    const count = others.length === 0 ? "" : ` and ${others.length} more`;
    statistics.report({
      code: "sync/added-element-deleted",
      message: `Element ${first.elementId} "${first.label ?? ""}"${count} goes with ${nameOf(item)}, below which another program has added it.`,
      elementId: first.elementId,
    });
  }
}

/**
 * Reports what goes with a job without provenance and is no definition: somebody else may have added it in its models.
 * @param going - all elements that go with the job, but for its items with all that depends on them
 */
export function reportAddedToJob(
  { imodel, statistics }: Pick<SynchronizationContext, "imodel" | "statistics">,
  going: readonly Id64String[],
): void {
  const definitions = findOfClass(imodel, going, "bis.DefinitionElement");
  const added = findWithoutProvenance(
    imodel,
    going.filter((id) => !definitions.has(id)),
  );
  const [first, ...others] = readElements(imodel, [...added]).values();
  if (first === undefined) return;
  const [count, they] = others.length === 0 ? ["goes", "it"] : [`and ${others.length} more go`, "them"];
  statistics.report({
    code: "sync/added-element-deleted",
    message: `Element ${first.elementId} "${first.label ?? ""}" ${count} with the job: no provenance says that it has made ${they}, so that another program may have.`,
    elementId: first.elementId,
  });
}

/** What an item is called in messages. */
export function nameOf({ kind, identifier }: ItemKey): string {
  return kind === partKind ? "a part of an element" : `${kind} "${identifier}"`;
}

/** A category brings along a SubCategory of its own. */
function findWithoutProvenance(imodel: IModelDb, elementIds: readonly Id64String[]): Set<Id64String> {
  const ecsqlOf = (ids: string) => `
    SELECT e.ECInstanceId FROM bis.Element e WHERE e.ECInstanceId IN (${ids})
      AND NOT EXISTS (SELECT 1 FROM bis.ExternalSourceAspect a WHERE a.Element.Id=e.ECInstanceId)
      AND NOT EXISTS (
        SELECT 1 FROM bis.SubCategory s JOIN bis.Category c ON c.ECInstanceId=s.Parent.Id
        WHERE s.ECInstanceId=e.ECInstanceId AND s.CodeValue=c.CodeValue)`;
  return queryIdsOfIds(imodel, elementIds, ecsqlOf);
}

/** The added elements by the items with which they go. */
function groupByItem(
  imodel: IModelDb,
  {
    added,
    going,
    items,
  }: { added: ReadonlySet<Id64String>; going: readonly Id64String[]; items: ReadonlyMap<Id64String, ItemKey> },
): Map<Id64String, Element[]> {
  const groups = new Map<Id64String, Element[]>();
  if (added.size === 0) return groups;
  const elements = readElements(imodel, going);
  for (const id of added) {
    const element = elements.get(id);
    let owner = element;
    while (owner !== undefined && !items.has(owner.elementId)) owner = elements.get(owner.ownerId);
    if (element === undefined || owner === undefined) continue;
    groups.set(owner.elementId, [...(groups.get(owner.elementId) ?? []), element]);
  }
  return groups;
}

function readElements(imodel: IModelDb, elementIds: readonly Id64String[]): Map<Id64String, Element> {
  const ecsqlOf = (ids: string) => `
    SELECT ECInstanceId, Parent.Id, Model.Id, UserLabel, CodeValue FROM bis.Element WHERE ECInstanceId IN (${ids})`;
  const rows = queryRowsOfIds(imodel, elementIds, ecsqlOf, (row) => ({
    elementId: row.getValueId(0),
    ownerId: idOrUndefined(row, 1) ?? row.getValueId(2),
    label: row.getValueStringMaybe(3) ?? row.getValueStringMaybe(4),
  }));
  return new Map(rows.map((row) => [row.elementId, row]));
}
