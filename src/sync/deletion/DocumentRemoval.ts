import { Subject, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { updateExternalSourceAspect } from "../../imodel/native.js";
import { queryIds, queryRows } from "../../imodel/queries.js";
import { reportAddedToJob } from "./addedElements.js";
import { Deletion } from "./Deletion.js";
import { DeletionDetector, type DeletionDetectorRules } from "./DeletionDetector.js";
import { DependencyGraph } from "./DependencyGraph.js";
import { ElementDeleter } from "./ElementDeleter.js";
import { findModeled, findOfClass } from "../../imodel/elementQueries.js";
import { OwnershipRules, type SynchronizationJob } from "./OwnershipRules.js";
import { PostponedParts } from "./PostponedParts.js";
import { readConfigsOfSource } from "../provenance/JobSubjects.js";
import { findItemElements, partKind, type ItemKey } from "../provenance/provenanceQueries.js";
import { ItemState } from "../items/SourceItem.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** What is to go. */
export interface RemovalRequest {
  job: Required<SynchronizationJob>;
  /** RepositoryLinks and ExternalSources of documents of the job. */
  documents: readonly { linkId: Id64String; sourceId: Id64String }[];
  /** Whether the job has no other documents, and so goes as well. */
  isWhole: boolean;
}

/**
 * Removes from the iModel what documents brought through one job: their elements, as if the source had become empty; then
 * the job, if it has no other documents; then the documents.
 *
 * What others need stays, as in any deletion, and then its document and its job stay too: a later run goes on from them,
 * and a later removal takes the rest. References of other jobs to what goes do not keep it, other than where a source
 * merely changed: it is wanted that all of the document goes.
 */
export class DocumentRemoval {
  private readonly _imodel: IModelDb;
  private readonly _rules: DeletionDetectorRules;

  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _request: RemovalRequest,
  ) {
    const { job, documents, isWhole } = _request;
    this._imodel = _context.imodel;
    const deleter = new ElementDeleter(_context);
    const ownership = new OwnershipRules(_context.imodel, {
      job,
      documents: documents.map((document) => ({ ...document, state: ItemState.Changed, isRoot: true })),
      onlyRecordedDocuments: !isWhole,
      connectorName: _context.connectorName,
      takesUnsourced: () => true,
      isUsedScope: () => false,
      isSeen: () => false,
    });
    const postponed = new PostponedParts(deleter, () => true);
    this._rules = { deleter, ownership, postponed, keepsReferenced: false };
  }

  /** Removes all that can go, counts it, and reports the rest. */
  public run(): void {
    const { isWhole, documents } = this._request;
    const kept = new DeletionDetector(this._context, this._rules).run();
    if (kept.size > 0 || (isWhole && !this._removeJob())) this._reopenDocuments();
    else for (const { linkId, sourceId } of documents) this._removeDocument(linkId, sourceId);
  }

  /**
   * Deletes what lies below the job's Subject without provenance first, and its models only if all of that could go: a
   * later run finds either all of them or none.
   * @returns whether the job is gone
   */
  private _removeJob(): boolean {
    const { subjectId, configLinkId } = this._request.job;
    const below = new DependencyGraph(this._imodel, [subjectId], {
      includeScopes: true,
      findStaying: (ids) => findItemElements(this._imodel, ids),
    }).dependentsFirst();
    if (!below.includes(subjectId)) return this._keepJob();
    const structure = findModeled(this._imodel, below);
    for (const id of findOfClass(this._imodel, below, Subject.classFullName)) structure.add(id);
    const contents = below.filter((id) => !structure.has(id));
    reportAddedToJob(this._context, contents);
    if (this._delete(contents).size > 0 || this._delete([...structure]).size > 0) return this._keepJob();
    this._rules.deleter.deleteInOrder([configLinkId]);
    return true;
  }

  private _keepJob(): false {
    const { subjectId } = this._request.job;
    this._context.statistics.report({
      code: "sync/job-in-use",
      message: "The Subject of the job stays with its models, because others use something in them.",
      elementId: subjectId,
    });
    return false;
  }

  /** @returns those that stay */
  private _delete(elementIds: Id64String[]): ReadonlySet<Id64String> {
    const asParts = elementIds.map((id): [Id64String, ItemKey] => [id, { kind: partKind, identifier: "" }]);
    return elementIds.length === 0 ? new Set() : new Deletion(this._context, this._rules, new Map(asParts)).run();
  }

  /** What is left of the documents is not what they hold: the next run that records them reads them again. */
  private _reopenDocuments(): void {
    for (const { linkId, sourceId } of this._request.documents)
      for (const aspectId of this._aspectsOf(linkId, sourceId))
        updateExternalSourceAspect(this._imodel, aspectId, { version: undefined, checksum: undefined });
  }

  /** A document stays as far as other jobs read it, through the same connector or another one. */
  private _removeDocument(linkId: Id64String, sourceId: Id64String): void {
    this._unrelate(sourceId);
    if (readConfigsOfSource(this._imodel, sourceId).length > 0) return;
    const aspects = this._aspectsOf(linkId, sourceId);
    if (aspects.length > 0) this._imodel.elements.deleteAspect(aspects);
    this._deleteWithParts(sourceId);
    const sources = "SELECT ECInstanceId FROM bis.ExternalSource WHERE Repository.Id=? LIMIT 1";
    if (queryIds(this._imodel, sources, [linkId]).length === 0) this._deleteWithParts(linkId);
  }

  private _aspectsOf(linkId: Id64String, sourceId: Id64String): Id64String[] {
    const ecsql = "SELECT ECInstanceId FROM bis.ExternalSourceAspect WHERE Element.Id=? AND Source.Id=?";
    return queryIds(this._imodel, ecsql, [linkId, sourceId]);
  }

  private _deleteWithParts(elementId: Id64String): void {
    this._rules.deleter.deleteInOrder(new DependencyGraph(this._imodel, [elementId]).dependentsFirst());
  }

  /** A job that goes on, or is not gone, does not process the document any more. */
  private _unrelate(sourceId: Id64String): void {
    const ecsql = `
      SELECT ECInstanceId, ec_classname(ECClassId) FROM bis.ElementRefersToElements
      WHERE SourceECInstanceId=? AND TargetECInstanceId=?`;
    const { configLinkId } = this._request.job;
    const links = queryRows(this._imodel, ecsql, [configLinkId, sourceId], (row) => ({
      id: row.getValueId(0),
      classFullName: row.getValueString(1),
    }));
    for (const link of links)
      this._imodel.relationships.deleteInstance({ ...link, sourceId: configLinkId, targetId: sourceId });
  }
}
