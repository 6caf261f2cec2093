import { ElementOwnsChildElements } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import { ConnectorError } from "../../ConnectorError.js";
import { readIdentities, readPlaces, type ElementIdentity } from "../../imodel/elementQueries.js";
import { queryIds } from "../../imodel/queries.js";
import { DependencyGraph } from "../deletion/DependencyGraph.js";
import type { ElementDeleter } from "../deletion/ElementDeleter.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import { findItemElements, readProvenanceOf, type ElementProvenance } from "../provenance/provenanceQueries.js";
import { AspectCarrier, type WrittenTree } from "./AspectCarrier.js";
import type { ParkedValues } from "./ParkedValues.js";
import { ReferenceCarrier, type Successors } from "./ReferenceCarrier.js";

/** An element below another one, by the identifiers of the parts that lead to it. */
interface Descendant {
  elementId: Id64String;
  path: readonly string[];
}

/** What lies below an element: its parts, and below any of them elements that are no parts of it. */
interface Descendants {
  parts: Descendant[];
  others: Descendant[];
}

/**
 * Replaces elements: an iModel cannot give an element another class or model, so that a new one takes its place.
 *
 * The new element gets what others have made with the old one: children that stand for items of their own or that others
 * have added, aspects of others, relationships and navigation properties that lead to it or its parts, and the items that
 * are known within it as their scope.
 */
export class ElementReplacer {
  public readonly references: ReferenceCarrier;
  private readonly _aspects: AspectCarrier;

  /** @param _isOurs - whether an item is one that this run may delete and write anew */
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _deleter: ElementDeleter,
    private readonly _parked: ParkedValues,
    private readonly _isOurs: (item: ElementProvenance) => boolean,
  ) {
    this.references = new ReferenceCarrier(_context);
    this._aspects = new AspectCarrier(_context, _isOurs);
  }

  /**
   * Deletes an element with its parts and inserts its successor. The old one and its codes must go first; children of
   * their own wait without a parent in between.
   * @param insert - inserts the new element with its parts, and returns them
   * @param ownAspectId - the provenance that the caller writes again
   * @throws ConnectorError `sync/modeled-element-replaced` where items in its model would be lost
   */
  public replace(elementId: Id64String, insert: () => WrittenTree, ownAspectId?: Id64String): void {
    const { parts, others } = this._describe(elementId);
    for (const other of others) this._setParent(other.elementId, Id64.invalid);
    const going = new DependencyGraph(this._context.imodel, [elementId]).dependentsFirst();
    this._refuseToLose(elementId, going);
    const [references, aspects] = [this.references.read(going), this._aspects.read(going, ownAspectId)];
    const identities = readIdentities(this._context.imodel, [elementId, ...parts.map((part) => part.elementId)]);
    this._parked.leaveScopes(going);
    this._deleter.deleteInOrder(going);

    const written = insert();
    const { id: newId } = written.element;
    for (const other of others) this._bringAlong(other, newId);
    const successors = this._successors(elementId, newId, parts);
    this.references.restore(references, successors, going);
    this._parked.followScopes(successors);
    this._keepGuids(identities, successors, written);
    this._aspects.restore(aspects, successors, { written, gone: new Set(going) });
    this._context.index.moveScope(elementId, newId);
    this.references.rescope(elementId, newId);
  }

  /** An element for which the source gives no federation GUID keeps the one that it has. */
  private _keepGuids(identities: readonly ElementIdentity[], successors: Successors, written: WrittenTree): void {
    const without = new Set(listTree(written).flatMap(({ id, federationGuid }) => (federationGuid ? [] : id)));
    for (const { elementId, guid } of identities) {
      const successor = successors.get(elementId);
      if (guid !== undefined && successor !== undefined && without.has(successor))
        this._parked.keepGuid(successor, guid);
    }
  }

  private _describe(elementId: Id64String, path: readonly string[] = []): Descendants {
    const { imodel, index } = this._context;
    const children = queryIds(imodel, "SELECT ECInstanceId FROM bis.Element WHERE Parent.Id=?", [elementId]);
    const found: Descendants = { parts: [], others: [] };
    if (children.length === 0) return found;
    const names = index.partNames.namesOf(index.partsOf(elementId), elementId);
    const others = this._findOthers(children.filter((id) => !names.has(id)));
    for (const id of children) {
      if (others.has(id)) {
        found.others.push({ elementId: id, path });
        continue;
      }
      const below = [...path, names.get(id) ?? ""];
      const deeper = this._describe(id, below);
      found.parts.push({ elementId: id, path: below }, ...deeper.parts);
      found.others.push(...deeper.others);
    }
    return found;
  }

  /** Children that stand for items, or that others have added. A definition makes children of its own. */
  private _findOthers(children: Id64String[]): Set<Id64String> {
    const { imodel } = this._context;
    const others = findItemElements(imodel, children);
    const unknown = children.filter((id) => !others.has(id));
    const definitions = this._deleter.findDefinitions(unknown);
    for (const id of unknown) if (!definitions.has(id)) others.add(id);
    return others;
  }

  /** The elements that took the place of the element and, as far as they are there again, of its parts. */
  private _successors(elementId: Id64String, newId: Id64String, parts: Descendant[]): Successors {
    const successors = new Map([[elementId, newId]]);
    for (const { elementId: partId, path } of parts) {
      const { elementId: found, isWhole } = this._follow(newId, path);
      if (isWhole) successors.set(partId, found);
    }
    return successors;
  }

  /** Goes down from an element by the identifiers of parts, as far as there are such parts. */
  private _follow(rootId: Id64String, path: readonly string[]): { elementId: Id64String; isWhole: boolean } {
    let elementId = rootId;
    for (const name of path) {
      const part = this._context.index.partsOf(elementId).find(({ identifier }) => identifier === name);
      if (part === undefined) return { elementId, isWhole: false };
      elementId = part.record.elementId;
    }
    return { elementId, isWhole: true };
  }

  /** Items in the model of an element go with it. They are lost unless the connector processes them after it and so writes them again. */
  private _refuseToLose(elementId: Id64String, going: Id64String[]): void {
    const { imodel, index } = this._context;
    const members = going.filter((id) => id !== elementId);
    const isLost = (item: ElementProvenance) =>
      index.isSeen(item) || this._context.isSeen(item.elementId) || !this._isOurs(item);
    const lost = readProvenanceOf(imodel, members).find(isLost);
    if (lost === undefined) return;
    throw new ConnectorError(
      "sync/modeled-element-replaced",
      `Element ${elementId} changes its class or model, and ${lost.kind} "${lost.identifier}" in the model that it has would be lost.`,
      {
        advice:
          "Let the connector synchronize an element before the elements of its model, and keep other jobs out of it.",
      },
    );
  }

  /** Gives a child to the successor of its parent, unless that lies in another model, where the child cannot follow. */
  private _bringAlong({ elementId: childId, path }: Descendant, rootId: Id64String): void {
    const { imodel, statistics } = this._context;
    const { elementId: parentId } = this._follow(rootId, path);
    const places = readPlaces(imodel, [childId, parentId]);
    if (places.get(childId)?.modelId === places.get(parentId)?.modelId) this._setParent(childId, parentId);
    else if (!readProvenanceOf(imodel, [childId]).some(this._isOurs))
      statistics.report({
        code: "sync/child-left-behind",
        message: `Element ${childId} has no parent any more, because its parent was replaced by ${parentId} in another model.`,
        elementId: childId,
      });
  }

  private _setParent(childId: Id64String, parentId: Id64String): void {
    const parent = { id: parentId, relClassName: ElementOwnsChildElements.classFullName };
    this._context.imodel.elements.updateElement({ id: childId, parent });
  }
}

function listTree({ element, childElements = [] }: WrittenTree): WrittenTree["element"][] {
  return [element, ...childElements.flatMap(listTree)];
}
