import type { IModelDb } from "@itwin/core-backend";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import type { QueryRow } from "../../imodel/EcsqlRow.js";
import { queryRowsOfIds } from "../../imodel/queries.js";
import { findModeled } from "../../imodel/elementQueries.js";
import { partKind } from "../provenance/provenanceQueries.js";

/** That an element cannot outlive another one. */
interface Dependency {
  dependentId: Id64String;
  ownerId: Id64String;
}

/** What {@link DependencyGraph} looks at. */
export interface DependencyOptions {
  /** Whether what is known within an element as its scope depends on it. */
  includeScopes: boolean;
  /** Which of the given elements stay whatever happens, so that what depends on them is of no interest. */
  findStaying(elementIds: Set<Id64String>): Set<Id64String>;
}

const onlyParts: DependencyOptions = { includeScopes: false, findStaying: () => new Set() };

/**
 * Elements with everything that depends on them: their children and the elements of the models that they have, and so
 * on downwards. It is read level by level, a few queries for each.
 */
export class DependencyGraph {
  private readonly _dependents = new Map<Id64String, Set<Id64String>>();
  private readonly _owners = new Map<Id64String, Set<Id64String>>();
  private readonly _staying = new Set<Id64String>();

  public constructor(imodel: IModelDb, roots: Iterable<Id64String>, options = onlyParts) {
    let level = new Set(roots);
    while (level.size > 0) {
      const staying = options.findStaying(level);
      for (const id of staying) this._staying.add(id);
      for (const id of level) this._dependents.set(id, new Set());
      const open = new Set([...level].filter((id) => !staying.has(id)));
      const dependencies = [...readChildren(imodel, open), ...readMembers(imodel, open)];
      if (options.includeScopes) dependencies.push(...readScopeDependents(imodel, open));
      for (const dependency of dependencies) this._connect(dependency);
      level = new Set(dependencies.map(({ dependentId }) => dependentId).filter((id) => !this._dependents.has(id)));
    }
  }

  /** All elements of the graph that do not stay by themselves. */
  public get elementIds(): Id64String[] {
    return [...this._dependents.keys()].filter((id) => !this._staying.has(id));
  }

  /** The direct dependents of an element. */
  public dependentsOf(elementId: Id64String): Iterable<Id64String> {
    return this._dependents.get(elementId) ?? [];
  }

  /** Whether an element depends directly on any of the given ones. */
  public dependsOnAny(elementId: Id64String, ownerIds: ReadonlySet<Id64String>): boolean {
    return [...(this._owners.get(elementId) ?? [])].some((owner) => ownerIds.has(owner));
  }

  /** Makes an element stay, and with it all that it depends on. */
  public keep(elementId: Id64String): void {
    this._staying.add(elementId);
  }

  /** All elements that can go, each after its dependents. One on which something depends that stays is not among them. */
  public dependentsFirst(): Id64String[] {
    const waitsFor = new Map([...this._dependents].map(([id, dependents]) => [id, dependents.size]));
    const order = this.elementIds.filter((id) => waitsFor.get(id) === 0);
    for (const id of order)
      for (const owner of this._owners.get(id) ?? []) {
        const left = expectDefined(waitsFor.get(owner)) - 1;
        waitsFor.set(owner, left);
        if (left === 0 && !this._staying.has(owner)) order.push(owner);
      }
    return order;
  }

  private _connect({ dependentId, ownerId }: Dependency): void {
    expectDefined(this._dependents.get(ownerId)).add(dependentId);
    const owners = this._owners.get(dependentId);
    if (owners === undefined) this._owners.set(dependentId, new Set([ownerId]));
    else owners.add(ownerId);
  }
}

function readChildren(imodel: IModelDb, ownerIds: Set<Id64String>): Dependency[] {
  const ecsqlOf = (ids: string) => `SELECT ECInstanceId, Parent.Id FROM bis.Element WHERE Parent.Id IN (${ids})`;
  return queryRowsOfIds(imodel, ownerIds, ecsqlOf, readDependency);
}

/** A child lies in the model of its parent, and goes with the parent. */
function readMembers(imodel: IModelDb, ownerIds: Set<Id64String>): Dependency[] {
  const ecsqlOf = (ids: string) =>
    `SELECT ECInstanceId, Model.Id FROM bis.Element WHERE Model.Id IN (${ids}) AND Parent.Id IS NULL`;
  return queryRowsOfIds(imodel, findModeled(imodel, ownerIds), ecsqlOf, readDependency);
}

/** An aspect must not outlive the scope that it names. */
function readScopeDependents(imodel: IModelDb, ownerIds: Set<Id64String>): Dependency[] {
  const ecsqlOf = (ids: string) => `
    SELECT Element.Id, Scope.Id FROM bis.ExternalSourceAspect
    WHERE Scope.Id IN (${ids}) AND Kind<>'${partKind}' AND Element.Id<>Scope.Id`;
  return queryRowsOfIds(imodel, ownerIds, ecsqlOf, readDependency);
}

function readDependency(row: QueryRow): Dependency {
  return { dependentId: row.getValueId(0), ownerId: row.getValueId(1) };
}
