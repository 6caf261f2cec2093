import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { queryIdsOfIds } from "../../imodel/queries.js";
import { Deletion, type DeletionRules } from "./Deletion.js";
import type { DeletionGuard } from "./DeletionGuard.js";
import { readPlaces, type ElementPlace } from "../../imodel/elementQueries.js";
import type { PostponedParts } from "./PostponedParts.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import {
  documentKind,
  partKind,
  readOrigins,
  readPartParents,
  readProvenanceOf,
  type ElementProvenance,
  type ItemKey,
} from "../provenance/provenanceQueries.js";

/**
 * Documents stay when they are not seen: a run need not process all documents of its job. A document is what an
 * ExternalSource leads to that stands for no item by itself, or what is recorded under the kind of documents. Other links
 * and sources stand for items like any element.
 */
const documentQueries = [
  (ids: string) => `
    SELECT s.Repository.Id FROM bis.ExternalSource s
    WHERE s.Repository.Id IN (${ids})
      AND NOT EXISTS (SELECT 1 FROM bis.ExternalSourceAspect a WHERE a.Element.Id=s.ECInstanceId)`,
  (ids: string) => `
    SELECT Element.Id FROM bis.ExternalSourceAspect WHERE Element.Id IN (${ids}) AND Kind='${documentKind}'`,
  (ids: string) => `
    SELECT TargetECInstanceId FROM bis.SynchronizationConfigProcessesSources WHERE TargetECInstanceId IN (${ids})`,
];

/** The rules of a deletion that takes in what had to wait for it. */
export interface DeletionDetectorRules extends DeletionRules {
  postponed: PostponedParts;
  /** What refuses too many deletions. Default: nothing. */
  guard?: DeletionGuard;
}

/** Finds the elements of source items that vanished, and has them deleted. */
export class DeletionDetector {
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _rules: DeletionDetectorRules,
  ) {}

  /**
   * Decides first what goes, then deletes it once. Where everything was seen, it costs a pass over the index.
   * @returns the elements of vanished items that stay
   * @throws ConnectorError `run/too-many-deletions`, before anything is deleted
   */
  public run(): ReadonlySet<Id64String> {
    const unseen = this._findUnseen();
    const vanished = unseen.size === 0 ? unseen : this._keepOwn(unseen);
    this._rules.guard?.check(vanished, this._rules.ownership);
    const kept = vanished.size === 0 ? new Set<Id64String>() : new Deletion(this._context, this._rules, vanished).run();
    this.deletePostponed();
    this._deleteUnusedParts();
    return kept;
  }

  /** Deletes the parts of elements that had to wait until all items were seen. Some are gone already, with an item. */
  public deletePostponed(): void {
    const parts = this._rules.postponed.release();
    if (parts.size === 0) return;
    const places = readPlaces(this._context.imodel, parts.keys());
    const left = new Map([...parts].filter(([id]) => places.has(id)));
    if (left.size > 0) new Deletion(this._context, this._rules, left).run();
  }

  private _deleteUnusedParts(): void {
    const { ownership, deleter } = this._rules;
    const isOurs = (part: ElementPlace) => !this._context.isSeen(part.elementId) && !ownership.liesInOtherJob(part);
    const ours = deleter.partUse.released.filter(isOurs);
    if (ours.length > 0) deleter.deleteUnusedDefinitions(ours.map(({ elementId }) => elementId));
  }

  private _findUnseen(): Map<Id64String, ItemKey> {
    const { index } = this._context;
    index.takeInOthers();
    const unseen = new Map<Id64String, ItemKey>();
    for (const scopeId of this._findScopes())
      index.forEachItem(scopeId, (record, kind, identifier) => {
        if (record.isSeen || kind === partKind || this._context.isSeen(record.elementId)) return;
        unseen.set(record.elementId, { kind, identifier });
      });
    return unseen;
  }

  /** The scopes that the run used, and those in which it has seen nothing because every item is gone. */
  private _findScopes(): Set<Id64String> {
    const { imodel, index } = this._context;
    const { ownership } = this._rules;
    const scopes = new Set(index.usedScopes);
    if (index.areAllScopesUsed) return scopes;
    for (const origin of readOrigins(imodel)) if (ownership.mayBeOwn(origin)) scopes.add(origin.scopeId);
    return scopes;
  }

  /** An element that stands for several items is to go only if all of them vanished, and are the job's. */
  private _keepOwn(unseen: Map<Id64String, ItemKey>): Map<Id64String, ItemKey> {
    const { imodel, index } = this._context;
    const { ownership } = this._rules;
    const places = readPlaces(imodel, unseen.keys());
    const own = new Map([...unseen].filter(([id]) => places.has(id)));
    for (const ecsqlOf of documentQueries) for (const id of queryIdsOfIds(imodel, own.keys(), ecsqlOf)) own.delete(id);
    this._keepParts(own);
    const gone = new Set(readPartParents(imodel, own.keys()).map(([partId]) => partId));
    const untold: ElementProvenance[] = [];
    const doubtful: ElementProvenance[] = [];
    for (const item of readProvenanceOf(imodel, own.keys())) {
      const claim = index.isSeen(item) ? "kept" : ownership.claimOf(expectDefined(places.get(item.elementId)), item);
      if (claim === "own") gone.add(item.elementId);
      else if (claim === "untold") untold.push(item);
      else if (claim !== "stranger") own.delete(item.elementId);
      if (claim === "doubtful") doubtful.push(item);
    }
    doubtful.push(...untold.filter(({ elementId }) => own.has(elementId) && !gone.has(elementId)));
    this._reportDoubtful(doubtful);
    return new Map([...own].filter(([id]) => gone.has(id)));
  }

  /** A part lives and dies with its parent, also where another program has put provenance of its own on it. */
  private _keepParts(own: Map<Id64String, ItemKey>): void {
    const parents = new Map(readPartParents(this._context.imodel, own.keys()));
    const isGoing = (parentId: Id64String): boolean => {
      if (this._rules.postponed.has(parentId) || (own.has(parentId) && !parents.has(parentId))) return true;
      const next = parents.get(parentId) ?? readPartParents(this._context.imodel, [parentId])[0]?.[1];
      return next !== undefined && isGoing(next);
    };
    for (const [id, parentId] of parents) if (!isGoing(parentId)) own.delete(id);
  }

  private _reportDoubtful([first, ...others]: ElementProvenance[]): void {
    if (first === undefined) return;
    const { kind, identifier, elementId } = first;
    const count = others.length === 0 ? "" : ` and ${others.length} more`;
    this._context.statistics.report({
      code: "sync/unknown-origin",
      message: `${kind} "${identifier}"${count} may be gone from the source but stay, because no document is known for them.`,
      elementId,
    });
  }
}
