import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code } from "@itwin/core-common";
import { readIdentities, type ElementIdentity } from "../../imodel/elementQueries.js";
import { queryIdsOfIds } from "../../imodel/queries.js";
import type { PartNames } from "./PartNames.js";
import { compareIds, partKind, type ItemKey, type KnownItem } from "./provenanceQueries.js";
import type { ProvenanceRecord } from "./ProvenanceRecord.js";

/** Aspects that stand for the same item, oldest first. */
export interface SharedKey extends ItemKey {
  records: ProvenanceRecord[];
}

/** A part that another framework has left: it carries the aspect of its parent. */
export interface AdoptedPart extends KnownItem {
  readonly parentId: Id64String;
}

/** What the aspects of a key are: one says which element is the item, others mark its parts. */
export interface SettledKey extends ItemKey {
  item: ProvenanceRecord;
  parts: AdoptedPart[];
}

/**
 * Tells what aspects of one key are. Other frameworks put the aspect of an item on its parts as well, at any depth. So the
 * item is the element whose parent is not among them. Where there are several, it is the one that this connector has
 * recorded, else the oldest.
 */
export function settleKeys(imodel: IModelDb, keys: readonly SharedKey[], names: PartNames): SettledKey[] {
  const ids = keys.flatMap(({ records }) => records.map(({ elementId }) => elementId));
  const elements = new Map(readIdentities(imodel, ids).map((element) => [element.elementId, element]));
  const settled = keys.map((key) => {
    const { parts, tops } = divide(key, elements, names);
    return { ...key, parts, tops };
  });
  const doubtful = settled.flatMap(({ tops }) => (tops.length > 1 ? tops : []));
  const named = findNamed(imodel, doubtful);
  return settled.flatMap(({ kind, identifier, parts, tops }) => {
    const item = tops.find(({ aspectId }) => named.has(aspectId)) ?? tops[0];
    return item === undefined ? [] : [{ kind, identifier, item, parts }];
  });
}

/** The parts come in the order of their element ids, in which they were inserted. */
function divide({ records }: SharedKey, elements: ReadonlyMap<Id64String, ElementIdentity>, names: PartNames) {
  const ids = new Set(records.map(({ elementId }) => elementId));
  const parentOf = ({ elementId }: ProvenanceRecord) => {
    const parentId = elements.get(elementId)?.parentId;
    return parentId !== undefined && ids.has(parentId) ? parentId : undefined;
  };
  const ordered = [...records].sort((left, right) => compareIds(left.elementId, right.elementId));
  const parts = ordered.flatMap((record, ordinal): AdoptedPart[] => {
    const parentId = parentOf(record);
    if (parentId === undefined) return [];
    const code = elements.get(record.elementId)?.code;
    const name = code && names.of({ code: new Code(code) }, parentId);
    return [{ kind: partKind, identifier: name ?? `#${ordinal}`, record, parentId }];
  });
  return { parts, tops: records.filter((record) => parentOf(record) === undefined) };
}

/** Which of the aspects name a source that names its connector. Those of other connectors are not among them. */
function findNamed(imodel: IModelDb, records: readonly ProvenanceRecord[]): Set<Id64String> {
  const ecsqlOf = (ids: string) => `
    SELECT a.ECInstanceId FROM bis.ExternalSourceAspect a JOIN bis.ExternalSource s ON s.ECInstanceId=a.Source.Id
    WHERE a.ECInstanceId IN (${ids}) AND s.ConnectorName IS NOT NULL`;
  return queryIdsOfIds(
    imodel,
    records.map(({ aspectId }) => aspectId),
    ecsqlOf,
  );
}
