import type { IModelDb } from "@itwin/core-backend";
import { Guid, Id64, type GuidString, type Id64String } from "@itwin/core-bentley";
import type { CodeProps } from "@itwin/core-common";
import type { QueryRow } from "./EcsqlRow.js";
import { idOrUndefined, queryIds, queryIdsOfIds, queryRows, queryRowsOfIds } from "./queries.js";

/** Where an element lies. */
export interface ElementPlace {
  elementId: Id64String;
  modelId: Id64String;
}

/** Reads the places of elements. Elements that are not in the iModel are left out. */
export function readPlaces(imodel: IModelDb, elementIds: Iterable<Id64String>): Map<Id64String, ElementPlace> {
  const ecsqlOf = (ids: string) => `
    SELECT ECInstanceId, Model.Id FROM bis.Element WHERE ECInstanceId IN (${ids})`;
  return byId(queryRowsOfIds(imodel, elementIds, ecsqlOf, readPlace));
}

/** Reads the places of the GeometryParts that have neither a code nor provenance. */
export function readAnonymousParts(imodel: IModelDb): Map<Id64String, ElementPlace> {
  const ecsql = `
    SELECT ECInstanceId, Model.Id FROM bis.GeometryPart
    WHERE CodeValue IS NULL AND ECInstanceId NOT IN (SELECT Element.Id FROM bis.ExternalSourceAspect)`;
  return byId(queryRows(imodel, ecsql, [], readPlace));
}

/** Which of the elements have a model. */
export function findModeled(imodel: IModelDb, elementIds: Iterable<Id64String>): Set<Id64String> {
  return findOfClass(imodel, elementIds, "bis.Model");
}

/** Which of the ids are those of instances of a class or its subclasses. */
export function findOfClass(imodel: IModelDb, ids: Iterable<Id64String>, className: string): Set<Id64String> {
  const ecsqlOf = (list: string) => `SELECT ECInstanceId FROM ${className} WHERE ECInstanceId IN (${list})`;
  return queryIdsOfIds(imodel, ids, ecsqlOf);
}

/** The element that has a code, compared without case as the iModel does. A code without a value belongs to nobody. */
export function findByCode(imodel: IModelDb, code: CodeProps): Id64String | undefined {
  const { spec, value = "" } = code;
  const scope = scopeIdOf(imodel, code);
  if (value === "" || scope === undefined || !Id64.isValidId64(spec)) return undefined;
  const ecsql = "SELECT ECInstanceId FROM bis.Element WHERE CodeSpec.Id=? AND CodeScope.Id=? AND CodeValue=?";
  return queryIds(imodel, ecsql, [spec, scope, { text: value }])[0];
}

/** The scope of a code, which can be given by its id or its federation GUID. */
export function scopeIdOf(imodel: IModelDb, { scope }: CodeProps): Id64String | undefined {
  return Id64.isValidId64(scope) ? scope : findByGuid(imodel, scope);
}

/** The element that has a federation GUID. */
export function findByGuid(imodel: IModelDb, guid: GuidString | undefined): Id64String | undefined {
  if (guid === undefined || !Guid.isGuid(guid)) return undefined;
  return queryIds(imodel, "SELECT ECInstanceId FROM bis.Element WHERE FederationGuid=?", [{ guid }])[0];
}

/** What tells an element from others. */
export interface ElementIdentity {
  elementId: Id64String;
  className: string;
  parentId: Id64String | undefined;
  guid: GuidString | undefined;
  /** Undefined where it has no value. */
  code: Required<CodeProps> | undefined;
}

/** Reads what tells elements from others. Elements that are not in the iModel are left out. */
export function readIdentities(imodel: IModelDb, elementIds: Iterable<Id64String>): ElementIdentity[] {
  const ecsqlOf = (ids: string) => `
    SELECT ECInstanceId, ec_classname(ECClassId), Parent.Id, FederationGuid, CodeSpec.Id, CodeScope.Id, CodeValue
    FROM bis.Element WHERE ECInstanceId IN (${ids})`;
  return queryRowsOfIds(imodel, elementIds, ecsqlOf, (row) => {
    const value = row.getValueStringMaybe(6);
    return {
      elementId: row.getValueId(0),
      className: row.getValueString(1),
      parentId: idOrUndefined(row, 2),
      guid: row.isValueNull(3) ? undefined : row.getValueGuid(3),
      code: value ? { spec: row.getValueId(4), scope: row.getValueId(5), value } : undefined,
    };
  });
}

/** An element by its code. */
export interface CodedElement {
  id: Id64String;
  code: CodeProps;
}

/** Reads the elements whose codes are within some elements as their scopes, those elements left out. */
export function readScoped(imodel: IModelDb, scopeIds: readonly Id64String[]): CodedElement[] {
  const ecsqlOf = (ids: string) =>
    `SELECT ECInstanceId, CodeSpec.Id, CodeScope.Id, CodeValue FROM bis.Element WHERE CodeScope.Id IN (${ids})`;
  const scopes = new Set(scopeIds);
  const coded = queryRowsOfIds(imodel, scopeIds, ecsqlOf, (row) => ({
    id: row.getValueId(0),
    code: { spec: row.getValueId(1), scope: row.getValueId(2), value: row.getValueStringMaybe(3) ?? "" },
  }));
  return coded.filter(({ id }) => !scopes.has(id));
}

/** What a person calls an element: its label or else its code. */
export function readLabel(imodel: IModelDb, elementId: Id64String): string | undefined {
  const ecsql = "SELECT ifnull(UserLabel, CodeValue) FROM bis.Element WHERE ECInstanceId=?";
  return queryRows(imodel, ecsql, [elementId], (row) => row.getValueStringMaybe(0))[0];
}

function readPlace(row: QueryRow): ElementPlace {
  return { elementId: row.getValueId(0), modelId: row.getValueId(1) };
}

function byId(places: ElementPlace[]): Map<Id64String, ElementPlace> {
  return new Map(places.map((place) => [place.elementId, place]));
}
