import type { Id64String } from "@itwin/core-bentley";
import { nameOf, reportAdded } from "./addedElements.js";
import { DependencyGraph } from "./DependencyGraph.js";
import type { ElementDeleter } from "./ElementDeleter.js";
import { findModeled, readPlaces } from "../../imodel/elementQueries.js";
import type { OwnershipRules } from "./OwnershipRules.js";
import { findItemElements, partKind, type ItemKey } from "../provenance/provenanceQueries.js";
import { readReferences } from "../../imodel/references.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** By which rules elements are deleted, and by whom. */
export interface DeletionRules {
  deleter: ElementDeleter;
  ownership: OwnershipRules;
  /** Whether an element stays to which one of another job refers. */
  keepsReferenced: boolean;
}

/** What is to be deleted, in this order. */
interface DeletionPlan {
  /** Elements that nothing else can be using, each after its dependents. */
  plain: Id64String[];
  /** Definitions, which go only if nothing uses them. */
  definitions: Id64String[];
  /** Children of those definitions, which go with them. */
  definitionParts: Id64String[];
  /** Elements that definitions depend on, such as their partition. */
  holders: Id64String[];
}

/**
 * The deletion of the elements of vanished items, with all that depends on them: dependents before what they depend on,
 * definitions last. What something else needs that is still there stays, and is reported.
 */
export class Deletion {
  private readonly _graph: DependencyGraph;

  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _rules: DeletionRules,
    private readonly _vanished: ReadonlyMap<Id64String, ItemKey>,
  ) {
    this._graph = new DependencyGraph(_context.imodel, _vanished.keys(), {
      includeScopes: true,
      findStaying: (ids) => this._findStaying(ids),
    });
  }

  /**
   * Deletes what can go, counts it, and reports the rest.
   * @returns those of the vanished that stay
   */
  public run(): ReadonlySet<Id64String> {
    const referenced = this._keepReferenced();
    const order = this._graph.dependentsFirst();
    this._reportDepended(order, referenced);
    reportAdded(this._context, order, this._vanished);
    const used = this._execute(this._plan(order));
    for (const id of order)
      if (!used.has(id)) this._count(id);
      else this._report("sync/definition-in-use", id, "it is still in use");
    const gone = new Set(order.filter((id) => !used.has(id)));
    return new Set([...this._vanished.keys()].filter((id) => !gone.has(id)));
  }

  /** @returns what stays, because it is in use or holds something that is */
  private _execute(plan: DeletionPlan): Set<Id64String> {
    const { deleter } = this._rules;
    deleter.deleteInOrder(plan.plain);
    const used = deleter.deleteUnusedDefinitions(plan.definitions);
    for (const id of plan.definitionParts.reverse())
      if (this._graph.dependsOnAny(id, used)) used.add(id);
      else deleter.forget(id);
    for (const id of plan.holders) if (!this._deleteHolder(id, used)) used.add(id);
    return used;
  }

  /** What was seen, or is another job's, stays. Whatever has no provenance is part of what it depends on. */
  private _findStaying(elementIds: Set<Id64String>): Set<Id64String> {
    const others = [...elementIds].filter((id) => !this._vanished.has(id));
    return findItemElements(this._context.imodel, others);
  }

  /** An element to which another job's element refers stays: the reference is that job's, and would go with it. */
  private _keepReferenced(): Set<Id64String> {
    const { imodel } = this._context;
    const { ownership, keepsReferenced } = this._rules;
    const referenced = new Set<Id64String>();
    if (!keepsReferenced || !ownership.hasOtherJobs()) return referenced;
    const references = readReferences(imodel, this._graph.elementIds);
    const sources = readPlaces(imodel, new Set(references.map(({ sourceId }) => sourceId)));
    for (const { sourceId, targetId } of references) {
      const source = sources.get(sourceId);
      if (source === undefined || !ownership.liesInOtherJob(source) || referenced.has(targetId)) continue;
      referenced.add(targetId);
      this._graph.keep(targetId);
      this._report("sync/kept-for-references", targetId, "an element of another job refers to it");
    }
    return referenced;
  }

  private _reportDepended(order: Id64String[], referenced: Set<Id64String>): void {
    const going = new Set(order);
    for (const id of this._vanished.keys())
      if (!going.has(id) && !referenced.has(id))
        this._report("sync/kept-for-dependents", id, "elements that are still there depend on it");
  }

  /** A definition that has a model is a holder of what it contains. */
  private _plan(order: Id64String[]): DeletionPlan {
    const { deleter } = this._rules;
    const definitions = deleter.findDefinitions(order);
    if (definitions.size === 0) return { ...emptyPlan(), plain: order };
    for (const id of findModeled(this._context.imodel, definitions)) definitions.delete(id);

    const plan = emptyPlan();
    const holding = new Set(definitions);
    for (const id of order) {
      const holds = [...this._graph.dependentsOf(id)].some((dependent) => holding.has(dependent));
      if (holds) holding.add(id);
      if (!definitions.has(id)) (holds ? plan.holders : plan.plain).push(id);
      else (this._graph.dependsOnAny(id, definitions) ? plan.definitionParts : plan.definitions).push(id);
    }
    return plan;
  }

  /** What holds a definition that stays stays too. */
  private _deleteHolder(elementId: Id64String, used: Set<Id64String>): boolean {
    const { deleter } = this._rules;
    if ([...this._graph.dependentsOf(elementId)].some((dependent) => used.has(dependent))) return false;
    if (deleter.findDefinitions([elementId]).size > 0) return deleter.deleteUnusedDefinitions([elementId]).size === 0;
    deleter.deleteInOrder([elementId]);
    return true;
  }

  private _count(elementId: Id64String): void {
    const { statistics } = this._context;
    const item = this._vanished.get(elementId);
    if (item === undefined || item.kind === partKind) return;
    statistics.deleted++;
    statistics.list({ change: "deleted", ...item, elementId });
  }

  private _report(code: string, elementId: Id64String, reason: string): void {
    const item = this._vanished.get(elementId);
    if (item === undefined) return;
    this._context.statistics.report({
      code,
      message: `${capitalized(nameOf(item))} is gone from the source but stays, because ${reason}.`,
      elementId,
    });
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function emptyPlan(): DeletionPlan {
  return { plain: [], definitions: [], definitionParts: [], holders: [] };
}
