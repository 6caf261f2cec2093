import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { queryRows, queryRowsOfIds } from "./queries.js";

/** That an element refers to another one, by a link-table relationship or by a navigation property of its own or of an aspect. */
export interface Reference {
  sourceId: Id64String;
  targetId: Id64String;
}

/** A navigation property of a class of elements, or of aspects. */
export interface NavigationProperty {
  className: string;
  name: string;
  isOfAspect: boolean;
}

/** That an element, or one of its aspects, points to another element. */
export interface Navigation extends Reference {
  aspect?: { id: Id64String; classFullName: string };
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
  { className, name, isOfAspect }: NavigationProperty,
  targetIds: readonly Id64String[],
): Navigation[] {
  const source = isOfAspect ? "Element.Id" : "ECInstanceId";
  const ecsqlOf = (ids: string) => `
    SELECT ${source}, [${name}].Id, ECInstanceId, ec_classname(ECClassId) FROM ${className} WHERE [${name}].Id IN (${ids})`;
  if (!isOfAspect) return readPairs(imodel, targetIds, ecsqlOf);
  return queryRowsOfIds(imodel, targetIds, ecsqlOf, (row) => ({
    sourceId: row.getValueId(0),
    targetId: row.getValueId(1),
    aspect: { id: row.getValueId(2), classFullName: row.getValueString(3) },
  }));
}

function readPairs(imodel: IModelDb, targetIds: readonly Id64String[], ecsqlOf: (ids: string) => string): Reference[] {
  return queryRowsOfIds(imodel, targetIds, ecsqlOf, (row) => ({
    sourceId: row.getValueId(0),
    targetId: row.getValueId(1),
  }));
}

/**
 * The navigation properties by which elements and their aspects point to elements, where they are declared; polymorphic
 * queries find the subclasses. A relationship that runs forward is pointed along to its target, end 1; one backward to its
 * source, end 0. Of aspects, those of BisCore say where the aspect belongs.
 */
export function readNavigationProperties(imodel: IModelDb): NavigationProperty[] {
  const ofElements = readProperties(imodel, "Element", "p.Name NOT IN ('Parent', 'Category')");
  const ofAspects = readProperties(imodel, "ElementAspect", "s.Name<>'BisCore' AND p.Name<>'Element'");
  return [
    ...ofElements.map((property) => ({ ...property, isOfAspect: false })),
    ...ofAspects.map((property) => ({ ...property, isOfAspect: true })),
  ];
}

function readProperties(imodel: IModelDb, baseClass: string, condition: string) {
  const ecsql = `
    SELECT DISTINCT s.Name, c.Name, p.Name
    FROM meta.ECPropertyDef p
      JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
      JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
      JOIN meta.ECRelationshipConstraintDef k ON k.RelationshipClass.Id=p.NavigationRelationshipClass.Id
        AND ((p.NavigationDirection=1 AND k.RelationshipEnd=1) OR (p.NavigationDirection=2 AND k.RelationshipEnd=0))
      JOIN meta.RelationshipConstraintHasClasses r ON r.SourceECInstanceId=k.ECInstanceId
    WHERE ${condition}
      AND p.Class.Id IN (${subclassesOf(baseClass)}) AND r.TargetECInstanceId IN (${subclassesOf("Element")})`;
  return queryRows(imodel, ecsql, [], (row) => ({
    className: `[${row.getValueString(0)}].[${row.getValueString(1)}]`,
    name: row.getValueString(2),
  }));
}

/** The query for a class of BisCore and its subclasses. */
function subclassesOf(name: string): string {
  return `
    SELECT h.SourceECInstanceId FROM meta.ClassHasAllBaseClasses h
      JOIN meta.ECClassDef b ON b.ECInstanceId=h.TargetECInstanceId
      JOIN meta.ECSchemaDef bs ON bs.ECInstanceId=b.Schema.Id
    WHERE b.Name='${name}' AND bs.Name='BisCore'`;
}
