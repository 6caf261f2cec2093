import type { Id64String } from "@itwin/core-bentley";
import type { ElementProps, RelationshipProps } from "@itwin/core-common";
import { propsKeyOf } from "../../imodel/classNames.js";
import { withExactLongs } from "../../imodel/exactLongs.js";
import { reassignExternalSourceAspect } from "../../imodel/native.js";
import { queryIds, queryRowsOfIds } from "../../imodel/queries.js";
import { partKind } from "../provenance/provenanceQueries.js";
import {
  readNavigationProperties,
  readNavigations,
  type NavigationProperty,
  type Navigation,
} from "../../imodel/references.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** A link-table relationship that the iModel has. */
type Link = RelationshipProps & { id: Id64String };

/** A navigation property that leads to an element that goes. */
type CarriedNavigation = Navigation & { property: NavigationProperty };

/** What leads to elements, or by a link-table relationship from them. */
export interface CarriedReferences {
  links: Link[];
  navigations: CarriedNavigation[];
}

/** Which element took the place of which. */
export type Successors = ReadonlyMap<Id64String, Id64String>;

/**
 * Keeps what refers to elements when they are replaced. The iModel drops link-table relationships together with an
 * element at either end and empties navigation properties that point to it, whoever has made them.
 */
export class ReferenceCarrier {
  /** The relationships that were made anew: their ids by those that they had before. */
  public readonly movedLinks = new Map<Id64String, Id64String>();
  private _properties?: NavigationProperty[];

  public constructor(private readonly _context: Pick<SynchronizationContext, "imodel" | "statistics" | "undo">) {}

  /** Reads what refers to elements that are about to go. */
  public read(elementIds: readonly Id64String[]): CarriedReferences {
    const going = new Set(elementIds);
    this._properties ??= readNavigationProperties(this._context.imodel);
    const navigations = this._properties.flatMap((property) =>
      readNavigations(this._context.imodel, property, elementIds)
        .filter(({ sourceId }) => !going.has(sourceId))
        .map((reference) => ({ ...reference, property })),
    );
    return { links: this._readLinks(elementIds), navigations };
  }

  /** Makes it refer to the elements that took their place. What referred to one without a successor is reported. */
  public restore({ links, navigations }: CarriedReferences, successors: Successors, gone: readonly Id64String[]): void {
    const lost = new Set(gone.filter((id) => !successors.has(id)));
    for (const link of links)
      if (!lost.has(link.sourceId) && !lost.has(link.targetId)) this._restoreLink(link, successors);
      else if (!lost.has(link.sourceId) || !lost.has(link.targetId)) this._reportLost(link.sourceId, link.targetId);
    for (const navigation of navigations) {
      const successor = successors.get(navigation.targetId);
      if (successor === undefined) this._reportLost(navigation.sourceId, navigation.targetId);
      else this._pointTo(navigation, successor);
    }
  }

  /** Makes items known within the new element that were known within the old one as their scope. */
  public rescope(oldId: Id64String, newId: Id64String): void {
    const ecsql = `SELECT ECInstanceId FROM bis.ExternalSourceAspect WHERE Scope.Id=? AND Kind<>'${partKind}'`;
    for (const aspectId of queryIds(this._context.imodel, ecsql, [oldId]))
      reassignExternalSourceAspect(this._context.imodel, aspectId, { scopeId: newId });
  }

  private _readLinks(elementIds: readonly Id64String[]): Link[] {
    const { imodel } = this._context;
    const links = new Map<Id64String, Link>();
    for (const end of ["SourceECInstanceId", "TargetECInstanceId"]) {
      const ecsqlOf = (ids: string) =>
        `SELECT ECInstanceId, ec_classname(ECClassId) FROM bis.ElementRefersToElements WHERE ${end} IN (${ids})`;
      const found = queryRowsOfIds(imodel, elementIds, ecsqlOf, (row) => ({
        id: row.getValueId(0),
        className: row.getValueString(1),
      }));
      for (const { id, className } of found)
        links.set(id, {
          ...withExactLongs(imodel, { className, id }, imodel.relationships.getInstanceProps(className, id)),
          id,
        });
    }
    return [...links.values()];
  }

  private _restoreLink({ id, sourceId, targetId, ...props }: Link, successors: Successors): void {
    const newId = this._context.imodel.relationships.insertInstance({
      ...props,
      sourceId: successors.get(sourceId) ?? sourceId,
      targetId: successors.get(targetId) ?? targetId,
    });
    this.movedLinks.set(id, newId);
    this._context.undo.note(() => this.movedLinks.delete(id));
    this._context.statistics.relationshipsUpdated++;
  }

  private _pointTo({ sourceId, property, aspect }: CarriedNavigation, id: Id64String): void {
    const { imodel, statistics } = this._context;
    const value = { [propsKeyOf(property.name)]: { id } };
    if (aspect === undefined) imodel.elements.updateElement<ElementProps>({ id: sourceId, ...value });
    else imodel.elements.updateAspect({ ...aspect, element: { id: sourceId }, ...value });
    statistics.elementsUpdated++;
  }

  private _reportLost(sourceId: Id64String, targetId: Id64String): void {
    this._context.statistics.report({
      code: "sync/reference-lost",
      message: `Element ${sourceId} referred to ${targetId}, which is gone with the element that it was a part of.`,
      elementId: sourceId,
    });
  }
}
