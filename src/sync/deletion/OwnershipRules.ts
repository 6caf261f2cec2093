import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { idOrUndefined, queryIds, queryRows } from "../../imodel/queries.js";
import type { ElementPlace } from "../../imodel/elementQueries.js";
import type { RecordedDocument } from "../provenance/RecordedDocument.js";
import { readProvenanceOf, type Origin } from "../provenance/provenanceQueries.js";
import { ItemState } from "../items/SourceItem.js";

/**
 * The job that a Synchronizer works for.
 * @public
 */
export interface SynchronizationJob {
  /** The job's Subject. What lies below it belongs to the job. */
  subjectId: Id64String;
  /** The job's SynchronizationConfigLink, which says whose documents are whose. */
  configLinkId?: Id64String;
}

/** The extent of a run, from which {@link OwnershipRules} decide. */
export interface RunExtent {
  job?: SynchronizationJob;
  documents: RecordedDocument[];
  /** Whether documents that were not recorded in this run are left alone. */
  onlyRecordedDocuments: boolean;
  /** Whether items were looked up within a scope in this run. */
  isUsedScope(scopeId: Id64String): boolean;
}

/** Below the job's own Subject, below the Subject of another job, or in what all jobs share. */
type Place = "own" | "foreign" | "shared";

/**
 * Decides whose an element is: the rules that keep deletion from touching what this job did not make.
 *
 * - What lies below the job's Subject is the job's; what lies below another job's Subject is not.
 * - In what all jobs share, such as the dictionary model, an element is the job's if the scope of its provenance is,
 *   or if it came from a document that no other job processes.
 * - A document that was recorded as unchanged was skipped: what it brought is not up for deletion.
 * - With several files per channel, only documents recorded in this run count.
 * - Without a job (a Synchronizer of its own) the scopes that were used in this run count.
 */
export class OwnershipRules {
  private readonly _places = new Map<Id64String, Place>();
  private readonly _ownSources = new Map<Id64String, boolean>();
  private readonly _documentsOfScopes = new Map<Id64String, RecordedDocument | undefined>();
  private readonly _documentsBySource: Map<Id64String, RecordedDocument>;
  private readonly _documentsByLink: Map<Id64String, RecordedDocument>;

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _run: RunExtent,
  ) {
    this._documentsBySource = new Map(_run.documents.map((document) => [document.sourceId, document]));
    this._documentsByLink = new Map(_run.documents.map((document) => [document.linkId, document]));
  }

  /** Whether an element of this origin may be deleted when it was not seen. */
  public isOwn(place: ElementPlace, origin: Origin): boolean {
    if (!this._isUpForDeletion(origin)) return false;
    const { job } = this._run;
    if (job === undefined) return true;
    const member = this._placeOfMember(place, job);
    return member === "shared" ? this._isOriginOf(job, origin) : member === "own";
  }

  /** Whether an element lies below the Subject of another job. */
  public liesInOtherJob(place: ElementPlace): boolean {
    const { job } = this._run;
    return job !== undefined && this._placeOfMember(place, job) === "foreign";
  }

  /** Whether other jobs write to the iModel. */
  public hasOtherJobs(): boolean {
    const { job } = this._run;
    if (job === undefined) return false;
    const ecsql = "SELECT ECInstanceId FROM bis.Subject WHERE JsonProperties LIKE '%\"Job\"%'";
    return queryIds(this._imodel, ecsql).some((id) => id !== job.subjectId && this._isJobSubject(id));
  }

  /**
   * Whether elements of this origin may be the job's, as far as that can be told without a look at them. What came from
   * a scope or a document of another job is not.
   */
  public mayBeOwn(origin: Origin): boolean {
    const { job } = this._run;
    if (!this._isUpForDeletion(origin)) return false;
    if (job === undefined || this._isOriginOf(job, origin)) return true;
    return this._placeOf(origin.scopeId, job) === "shared" && origin.sourceId === undefined;
  }

  private _isUpForDeletion({ scopeId, sourceId }: Origin): boolean {
    const document = this._documentOf(scopeId, sourceId);
    if (document?.state === ItemState.Unchanged) return false;
    if (document !== undefined) return true;
    if (this._run.onlyRecordedDocuments) return false;
    return this._run.job !== undefined || this._run.isUsedScope(scopeId);
  }

  private _isOriginOf(job: SynchronizationJob, { scopeId, sourceId }: Origin): boolean {
    const scope = this._placeOf(scopeId, job);
    if (scope !== "shared") return scope === "own";
    return sourceId !== undefined && this._isOwnSource(sourceId, job);
  }

  /** Most elements lie in few models, so that one look for each model is enough. */
  private _placeOfMember({ elementId, modelId }: ElementPlace, job: SynchronizationJob): Place {
    return this._placeOf(modelId === IModel.repositoryModelId ? elementId : modelId, job);
  }

  private _placeOf(elementId: Id64String, job: SynchronizationJob): Place {
    let place = this._places.get(elementId);
    if (place === undefined) {
      place = this._findPlaceOf(elementId, job);
      this._places.set(elementId, place);
    }
    return place;
  }

  private _findPlaceOf(elementId: Id64String, job: SynchronizationJob): Place {
    if (elementId === job.subjectId) return "own";
    if (elementId === IModel.rootSubjectId) return "shared";
    if (this._isJobSubject(elementId)) return "foreign";
    const ecsql = "SELECT Model.Id, Parent.Id FROM bis.Element WHERE ECInstanceId=?";
    const [row] = queryRows(this._imodel, ecsql, [elementId], (statement) => ({
      modelId: statement.getValueId(0),
      parentId: idOrUndefined(statement, 1),
    }));
    if (row === undefined) return "shared";
    if (row.parentId !== undefined) return this._placeOf(row.parentId, job);
    return row.modelId === IModel.repositoryModelId ? "shared" : this._placeOf(row.modelId, job);
  }

  private _isJobSubject(elementId: Id64String): boolean {
    const ecsql = "SELECT JsonProperties FROM bis.Subject WHERE ECInstanceId=?";
    const [json] = queryRows(this._imodel, ecsql, [elementId], (row) => row.getValueStringMaybe(0));
    const properties = JSON.parse(json ?? "{}") as { Subject?: { Job?: object } };
    return properties.Subject?.Job !== undefined;
  }

  private _isOwnSource(sourceId: Id64String, job: SynchronizationJob): boolean {
    let isOwn = this._ownSources.get(sourceId);
    if (isOwn === undefined) {
      isOwn = this._findIsOwnSource(sourceId, job);
      this._ownSources.set(sourceId, isOwn);
    }
    return isOwn;
  }

  private _findIsOwnSource(sourceId: Id64String, job: SynchronizationJob): boolean {
    const ecsql = "SELECT SourceECInstanceId FROM bis.SynchronizationConfigProcessesSources WHERE TargetECInstanceId=?";
    const configs = queryIds(this._imodel, ecsql, [sourceId]);
    if (configs.some((id) => id !== job.configLinkId)) return false;
    return configs.length > 0 || this._documentsBySource.has(sourceId);
  }

  private _documentOf(scopeId: Id64String, sourceId: Id64String | undefined): RecordedDocument | undefined {
    if (sourceId !== undefined) return this._documentsBySource.get(sourceId);
    if (!this._documentsOfScopes.has(scopeId)) {
      this._documentsOfScopes.set(scopeId, undefined); // ends a circle of scopes
      this._documentsOfScopes.set(scopeId, this._findDocumentOfScope(scopeId));
    }
    return this._documentsOfScopes.get(scopeId);
  }

  private _findDocumentOfScope(scopeId: Id64String): RecordedDocument | undefined {
    const recorded = this._documentsByLink.get(scopeId);
    if (recorded !== undefined || scopeId === IModel.rootSubjectId) return recorded;
    for (const origin of readProvenanceOf(this._imodel, [scopeId])) {
      const document = this._documentOf(origin.scopeId, origin.sourceId);
      if (document !== undefined) return document;
    }
    return undefined;
  }
}
