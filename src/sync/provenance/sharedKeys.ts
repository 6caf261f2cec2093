import type { IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import { idOrUndefined, queryIdsOfIds, queryRowsOfIds } from "../../imodel/queries.js";
import { partKind, type ItemKey, type KnownItem } from "./provenanceQueries.js";
import type { ProvenanceRecord } from "./ProvenanceRecord.js";

/** Aspects that stand for the same item, oldest first. */
export interface SharedKey extends ItemKey {
  records: ProvenanceRecord[];
}

/** A part that another framework has left: it carries the aspect of its parent. */
export interface AdoptedPart extends KnownItem {
  readonly parentId: Id64String;
  /** The identifiers that it may bring along. */
  readonly names: readonly string[];
}

/** What the aspects of a key are: one says which element is the item, others mark its parts. */
export interface SettledKey extends ItemKey {
  item: ProvenanceRecord;
  parts: AdoptedPart[];
}

/** What an element says of itself. */
interface ElementIdentity {
  elementId: Id64String;
  parentId: Id64String | undefined;
  guid: string | undefined;
  code: string | undefined;
}

/**
 * Tells what aspects of one key are. Other frameworks put the aspect of an item on its parts as well, at any depth. So the
 * item is the element whose parent is not among them. Where there are several, it is the one that this connector has
 * recorded, else the oldest.
 */
export function settleKeys(imodel: IModelDb, keys: readonly SharedKey[]): SettledKey[] {
  const elements = readIdentities(
    imodel,
    keys.flatMap(({ records }) => records.map(({ elementId }) => elementId)),
  );
  const settled = keys.map((key) => {
    const { parts, tops } = divide(key, elements);
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
function divide({ records }: SharedKey, elements: ReadonlyMap<Id64String, ElementIdentity>) {
  const ids = new Set(records.map(({ elementId }) => elementId));
  const parentOf = ({ elementId }: ProvenanceRecord) => {
    const parentId = elements.get(elementId)?.parentId;
    return parentId !== undefined && ids.has(parentId) ? parentId : undefined;
  };
  const ordered = [...records].sort((left, right) => compareIds(left.elementId, right.elementId));
  const parts = ordered.flatMap((record, ordinal): AdoptedPart[] => {
    const parentId = parentOf(record);
    if (parentId === undefined) return [];
    const { guid, code } = elements.get(record.elementId) ?? {};
    const names = [guid, code].filter((name) => name !== undefined);
    return [{ kind: partKind, identifier: code ?? `#${ordinal}`, record, parentId, names }];
  });
  return { parts, tops: records.filter((record) => parentOf(record) === undefined) };
}

function readIdentities(imodel: IModelDb, elementIds: readonly Id64String[]): Map<Id64String, ElementIdentity> {
  const ecsqlOf = (ids: string) => `
    SELECT ECInstanceId, Parent.Id, FederationGuid, CodeSpec.Id, CodeScope.Id, CodeValue FROM bis.Element
    WHERE ECInstanceId IN (${ids})`;
  const rows = queryRowsOfIds(imodel, elementIds, ecsqlOf, (row): ElementIdentity => {
    const value = row.getValueStringMaybe(5);
    return {
      elementId: row.getValueId(0),
      parentId: idOrUndefined(row, 1),
      guid: row.isValueNull(2) ? undefined : row.getValueGuid(2),
      code: value && `${row.getValueId(3)}/${row.getValueId(4)}/${value}`,
    };
  });
  return new Map(rows.map((row) => [row.elementId, row]));
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

/** Compares ids by the order in which they were given out. */
export function compareIds(left: Id64String, right: Id64String): number {
  return Id64.getBriefcaseId(left) - Id64.getBriefcaseId(right) || Id64.getLocalId(left) - Id64.getLocalId(right);
}
