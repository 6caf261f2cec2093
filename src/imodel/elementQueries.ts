import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { QueryRow } from "./EcsqlRow.js";
import { queryIdsOfIds, queryRows, queryRowsOfIds } from "./queries.js";

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

function readPlace(row: QueryRow): ElementPlace {
  return { elementId: row.getValueId(0), modelId: row.getValueId(1) };
}

function byId(places: ElementPlace[]): Map<Id64String, ElementPlace> {
  return new Map(places.map((place) => [place.elementId, place]));
}
