import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { reportAdded } from "./addedElements.js";
import { DependencyGraph } from "./DependencyGraph.js";
import { findModeled, findOfClass } from "../../imodel/elementQueries.js";
import { GeometryPartUse } from "./GeometryPartUse.js";
import { findItemElements, partKind } from "../provenance/provenanceQueries.js";
import { readReferences, type Reference } from "../../imodel/references.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** Definitions that core-backend deletes without a look at who uses them are the ones that are not of these classes. */
const classesWithUsageCheck = [
  "Category",
  "SubCategory",
  "ViewDefinition",
  "GeometryPart",
  "LineStyle",
  "RenderMaterial",
  "Texture",
  "DisplayStyle",
  "CategorySelector",
  "ModelSelector",
];

/** Deletes elements with all that is part of them, in the order that the iModel demands. */
export class ElementDeleter {
  /** Which GeometryParts the deleted elements used. */
  public readonly partUse: GeometryPartUse;

  public constructor(private readonly _context: SynchronizationContext) {
    this.partUse = new GeometryPartUse(_context.imodel);
  }

  /**
   * Deletes parts of elements, each after all that is part of it.
   * @returns those that stay, because they are or hold elements that stand for items of their own
   */
  public deleteParts(elementIds: Id64String[]): Set<Id64String> {
    const { imodel } = this._context;
    const graph = new DependencyGraph(imodel, elementIds, {
      includeScopes: false,
      findStaying: (ids) => findItemElements(imodel, ids),
    });
    const going = graph.dependentsFirst();
    reportAdded(this._context, going, new Map(elementIds.map((id) => [id, { kind: partKind, identifier: "" }])));
    this.deleteInOrder(going);
    const gone = new Set(going);
    return new Set(elementIds.filter((id) => !gone.has(id)));
  }

  /** Deletes elements that have no dependents but those before them, and the models that they have. */
  public deleteInOrder(elementIds: Id64String[]): void {
    const modeled = findModeled(this._context.imodel, elementIds);
    for (const id of elementIds) {
      this.partUse.release(id);
      this._tryDelete(id, () => {
        if (modeled.has(id)) this._context.imodel.models.deleteModel(id);
        this._context.imodel.elements.deleteElement(id);
      });
      this.forget(id);
    }
  }

  /**
   * Deletes those of the given definitions that nothing uses but others of them that go too.
   * @returns the ones that stay
   */
  public deleteUnusedDefinitions(definitionIds: Id64String[]): Set<Id64String> {
    let left = new Set(definitionIds);
    for (;;) {
      const before = left.size;
      const checked = this._findWithUsageCheck(left);
      const free = this._findUnreferenced([...left].filter((id) => !checked.has(id)));
      const deletable = [...checked, ...free];
      const used = deletable.length === 0 ? left : this._deleteDefinitions(deletable);
      const gone = new Set(deletable.filter((id) => !used.has(id)));
      left = new Set([...left].filter((id) => !gone.has(id)));
      if (left.size === 0 || left.size === before) return left;
    }
  }

  /** Takes note that an element is gone. */
  public forget(elementId: Id64String): void {
    this._context.index.forgetElement(elementId);
    this._context.statistics.elementsDeleted++;
  }

  /** Which of the elements are definitions, which may be in use by others that do not depend on them. */
  public findDefinitions(elementIds: Iterable<Id64String>): Set<Id64String> {
    return findOfClass(this._context.imodel, elementIds, "bis.DefinitionElement");
  }

  private _findWithUsageCheck(definitionIds: Set<Id64String>): Set<Id64String> {
    const find = (name: string) => [...findOfClass(this._context.imodel, definitionIds, `bis.${name}`)];
    return new Set(classesWithUsageCheck.flatMap(find));
  }

  /** What refers to a definition keeps it, unless it goes together with the definition. */
  private _findUnreferenced(definitionIds: Id64String[]): Set<Id64String> {
    const free = new Set(definitionIds);
    const references = readReferences(this._context.imodel, definitionIds);
    const isKept = ({ sourceId, targetId }: Reference) => free.has(targetId) && !free.has(sourceId);
    for (let kept = references.filter(isKept); kept.length > 0; kept = references.filter(isKept))
      for (const { targetId } of kept) free.delete(targetId);
    return free;
  }

  private _deleteDefinitions(definitionIds: Id64String[]): Set<Id64String> {
    const [first] = definitionIds;
    if (first === undefined) return new Set();
    const used = this._tryDelete(first, () => {
      for (const id of findModeled(this._context.imodel, definitionIds)) this._context.imodel.models.deleteModel(id);
      return this._context.imodel.elements.deleteDefinitionElements(definitionIds);
    });
    for (const id of definitionIds) if (!used.has(id)) this.forget(id);
    return used;
  }

  private _tryDelete<T>(elementId: Id64String, remove: () => T): T {
    this._context.beforeWrite();
    try {
      return remove();
    } catch (error) {
      throw new ConnectorError("sync/delete-failed", `Element ${elementId} cannot be deleted: ${messageOf(error)}`, {
        cause: error,
        advice: "See whether an element that this job does not own depends on it.",
      });
    }
  }
}
