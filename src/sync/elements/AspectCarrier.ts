import { ExternalSourceAspect, type IModelDb } from "@itwin/core-backend";
import type { GuidString, Id64String } from "@itwin/core-bentley";
import type { ElementAspectProps, ExternalSourceAspectProps, RelatedElementProps } from "@itwin/core-common";
import { messageOf } from "../../ConnectorError.js";
import { withExactLongs } from "../../imodel/exactLongs.js";
import { queryIdsOfIds } from "../../imodel/queries.js";
import type { ElementAspects } from "../items/SourceItem.js";
import { partKind, type ElementProvenance } from "../provenance/provenanceQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import type { Successors } from "./ReferenceCarrier.js";

/** An element with its parts as it was written. */
export interface WrittenTree {
  readonly element: { readonly id: Id64String; readonly federationGuid?: GuidString };
  readonly aspects?: Pick<ElementAspects, "schemas">;
  readonly childElements?: readonly WrittenTree[];
}

/** An aspect of an element that goes. */
type Aspect = ElementAspectProps & { id: Id64String };

/**
 * Carries the aspects that other programs have put on elements to the elements that take their place. The iModel drops
 * aspects together with their element. What the connector writes by itself is left out: the provenance of the item, the
 * aspects of the schemas that it lists, and the marks of parts.
 */
export class AspectCarrier {
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _isOurs: (item: ElementProvenance) => boolean,
  ) {}

  /**
   * Reads the aspects of elements that are about to go.
   * @param ownAspectId - the provenance that the caller writes again
   */
  public read(elementIds: readonly Id64String[], ownAspectId: Id64String | undefined): Aspect[] {
    const { imodel } = this._context;
    const queries = [
      (ids: string) => `SELECT ECInstanceId FROM bis.ElementUniqueAspect WHERE Element.Id IN (${ids})`,
      (ids: string) => `
        SELECT m.ECInstanceId FROM bis.ElementMultiAspect m WHERE m.Element.Id IN (${ids}) AND NOT EXISTS (
          SELECT 1 FROM bis.ExternalSourceAspect a WHERE a.ECInstanceId=m.ECInstanceId AND a.Kind='${partKind}')`,
    ];
    const ids = queries.flatMap((ecsqlOf) => [...queryIdsOfIds(imodel, elementIds, ecsqlOf)]);
    const aspects = ids.map((id) => readAspect(imodel, id));
    const own = aspects.find(({ id }) => id === ownAspectId);
    return aspects.filter((aspect) => aspect !== own && !(own !== undefined && isSameItem(aspect, own)));
  }

  /** Puts aspects on the elements that took the place of theirs. Those that have no place any more are reported. */
  public restore(
    aspects: readonly Aspect[],
    successors: Successors,
    { written, gone }: { written: WrittenTree; gone: ReadonlySet<Id64String> },
  ): void {
    const schemas = readSchemas(written);
    const allSchemas = new Set([...schemas.values()].flatMap((names) => [...names]));
    for (const aspect of aspects) {
      const elementId = successors.get(aspect.element.id);
      const listed = elementId === undefined ? allSchemas : schemas.get(elementId);
      if (listed?.has(schemaOf(aspect))) continue;
      if (elementId === undefined) this._reportGone(aspect);
      else if (relatedIds(aspect).some((id) => gone.has(id) && !successors.has(id)))
        this._report(aspect, "what it refers to is gone with the former element");
      else this._insert(aspect, elementId, successors);
    }
  }

  private _insert(aspect: Aspect, elementId: Id64String, successors: Successors): void {
    const { imodel, index } = this._context;
    const props = redirected(aspect, successors);
    try {
      this._context.beforeWrite();
      const aspectId = imodel.elements.insertAspect(props);
      if (isProvenance(aspect)) index.moveItem(provenanceOf(aspect), { aspectId, elementId });
    } catch (error) {
      this._report(aspect, `the iModel refuses it on the new one: ${messageOf(error)}`);
    }
  }

  /** Items of ours are written again, so that their provenance is not lost. */
  private _reportGone(aspect: Aspect): void {
    if (isProvenance(aspect) && this._isOurs(provenanceOf(aspect))) return;
    this._report(aspect, "its element has no successor");
  }

  private _report({ classFullName, element }: Aspect, reason: string): void {
    this._context.statistics.report({
      code: "sync/aspect-lost",
      message: `The ${classFullName} of element ${element.id} is lost when the element is replaced, because ${reason}.`,
      elementId: element.id,
    });
  }
}

function readAspect(imodel: IModelDb, id: Id64String): Aspect {
  const props = imodel.elements.getAspect(id).toJSON();
  return { ...withExactLongs(imodel, { className: props.classFullName, id }, props), id };
}

/** The schemas whose aspects each element of a tree lists, in lower case. */
function readSchemas(tree: WrittenTree, found = new Map<Id64String, Set<string>>()): Map<Id64String, Set<string>> {
  found.set(tree.element.id, new Set(tree.aspects?.schemas.map((name) => name.toLowerCase())));
  for (const part of tree.childElements ?? []) readSchemas(part, found);
  return found;
}

function schemaOf({ classFullName }: Aspect): string {
  return classFullName.replace(/[:.].*/, "").toLowerCase();
}

function isProvenance(aspect: Aspect): aspect is Aspect & ExternalSourceAspectProps {
  return aspect.classFullName === ExternalSourceAspect.classFullName;
}

/** Whether two aspects stand for one item, as those of an item and of its parts do in iModels of other frameworks. */
function isSameItem(aspect: Aspect, own: Aspect): boolean {
  if (!isProvenance(aspect) || !isProvenance(own)) return false;
  const [left, right] = [provenanceOf(aspect), provenanceOf(own)];
  return left.scopeId === right.scopeId && left.kind === right.kind && left.identifier === right.identifier;
}

function provenanceOf({ element, scope, source, kind, identifier }: ExternalSourceAspectProps): ElementProvenance {
  return { elementId: element.id, scopeId: scope.id, sourceId: source?.id, kind, identifier };
}

/** The elements that an aspect refers to, its own one included. */
function relatedIds(aspect: Aspect): Id64String[] {
  return Object.values(aspect)
    .filter(isRelation)
    .map(({ id }) => id);
}

/** An aspect for an insert, with references to the elements that took the place of those it had. */
function redirected(aspect: Aspect, successors: Successors): ElementAspectProps {
  const redirect = (value: unknown) =>
    isRelation(value) && successors.has(value.id) ? { ...value, id: successors.get(value.id) } : value;
  const members = Object.entries({ ...aspect, id: undefined }).map(([name, value]) => [name, redirect(value)]);
  return Object.fromEntries(members) as ElementAspectProps;
}

function isRelation(value: unknown): value is RelatedElementProps {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}
