import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { queryRows, queryRowsOfIds } from "./queries.js";

/** That an element refers to another one, by a link-table relationship or by a navigation property. */
export interface Reference {
  sourceId: Id64String;
  targetId: Id64String;
}

/** A navigation property of a class of elements. */
export interface NavigationProperty {
  className: string;
  name: string;
}

/**
 * Reads who refers to elements. Left out is what says where an element belongs (its model, parent and category, the
 * documents of a synchronization) and what core-backend looks after by itself.
 */
export function readReferences(imodel: IModelDb, targetIds: Id64String[]): Reference[] {
  if (targetIds.length === 0) return [];
  const references = readLinks(imodel, targetIds);
  for (const property of readNavigationProperties(imodel))
    references.push(...readNavigations(imodel, property, targetIds));
  return references;
}

function readLinks(imodel: IModelDb, targetIds: Id64String[]): Reference[] {
  const ecsqlOf = (ids: string) => `
    SELECT SourceECInstanceId, TargetECInstanceId FROM bis.ElementRefersToElements
    WHERE TargetECInstanceId IN (${ids})`;
  return readPairs(imodel, targetIds, ecsqlOf);
}

/** Reads which elements point to the given ones by a navigation property. */
export function readNavigations(
  imodel: IModelDb,
  { className, name }: NavigationProperty,
  targetIds: readonly Id64String[],
): Reference[] {
  const ecsqlOf = (ids: string) => `SELECT ECInstanceId, [${name}].Id FROM ${className} WHERE [${name}].Id IN (${ids})`;
  return readPairs(imodel, targetIds, ecsqlOf);
}

function readPairs(imodel: IModelDb, targetIds: readonly Id64String[], ecsqlOf: (ids: string) => string): Reference[] {
  return queryRowsOfIds(imodel, targetIds, ecsqlOf, (row) => ({
    sourceId: row.getValueId(0),
    targetId: row.getValueId(1),
  }));
}

/**
 * The navigation properties by which elements point to elements, where they are declared; polymorphic queries find the
 * subclasses. A relationship that runs forward is pointed along to its target, end 1; one backward to its source, end 0.
 */
export function readNavigationProperties(imodel: IModelDb): NavigationProperty[] {
  const ecsql = `
    SELECT DISTINCT s.Name, c.Name, p.Name
    FROM meta.ECPropertyDef p
      JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
      JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
      JOIN meta.ECRelationshipConstraintDef k ON k.RelationshipClass.Id=p.NavigationRelationshipClass.Id
        AND ((p.NavigationDirection=1 AND k.RelationshipEnd=1) OR (p.NavigationDirection=2 AND k.RelationshipEnd=0))
      JOIN meta.RelationshipConstraintHasClasses r ON r.SourceECInstanceId=k.ECInstanceId
    WHERE p.Name NOT IN ('Parent', 'Category')
      AND p.Class.Id IN (${classesOfElements}) AND r.TargetECInstanceId IN (${classesOfElements})`;
  return queryRows(imodel, ecsql, [], (row) => ({
    className: `[${row.getValueString(0)}].[${row.getValueString(1)}]`,
    name: row.getValueString(2),
  }));
}

const classesOfElements = `
  SELECT h.SourceECInstanceId FROM meta.ClassHasAllBaseClasses h
    JOIN meta.ECClassDef b ON b.ECInstanceId=h.TargetECInstanceId
    JOIN meta.ECSchemaDef bs ON bs.ECInstanceId=b.Schema.Id
  WHERE b.Name='Element' AND bs.Name='BisCore'`;
