import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { queryIds } from "../../imodel/queries.js";
import type { ElementPlace } from "../../imodel/elementQueries.js";
import { JobSubjects, readConfigsOfSource } from "../provenance/JobSubjects.js";
import type { RecordedDocument } from "../provenance/RecordedDocument.js";
import {
  readProvenanceOf,
  readUnsourced,
  type ElementProvenance,
  type ItemKey,
  type Origin,
} from "../provenance/provenanceQueries.js";
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

/** Whose documents a run has recorded. */
export interface RunDocuments {
  job?: SynchronizationJob;
  documents: RecordedDocument[];
  /** Whether documents that were not recorded in this run are left alone. */
  onlyRecordedDocuments: boolean;
}

/** The extent of a run, from which {@link OwnershipRules} decide. */
export interface RunExtent extends RunDocuments {
  /** The connector that runs, if it has a name. */
  connectorName?: string;
  /**
   * Whether items that name no source are taken for the job's. They are where the run names none itself, and where it
   * takes over what another framework has left. Otherwise another program may have made them.
   */
  takesUnsourced: () => boolean;
  /** Whether items were looked up within a scope in this run. */
  isUsedScope(scopeId: Id64String): boolean;
  /** Whether this run has seen an item. */
  isSeen: (item: ElementProvenance) => boolean;
}

/**
 * What an item that was not seen says of its element:
 *
 * - `own`: it is the job's, and gone from the source.
 * - `stranger`: another program has recorded it. It neither lets the element go nor keeps it.
 * - `untold`: it names no source, so that another program may have recorded it. It says nothing of the element either.
 * - `doubtful`: it is the job's, but may come from a document that was not processed. It keeps the element.
 * - `kept`: it is another job's, or of a document that was skipped. It keeps the element.
 */
export type Claim = "own" | "stranger" | "untold" | "doubtful" | "kept";

/** Below the job's own Subject, below the Subject of another job, or in what all jobs share. */
type Place = "own" | "foreign" | "shared";

/**
 * Decides whose an element is: the rules that keep deletion from touching what this job did not make.
 *
 * - What lies below the job's Subject is the job's; what lies below another job's Subject is not.
 * - In what all jobs share, such as the dictionary model, an element is the job's if the scope of its provenance is,
 *   or if it came from a document that no other job processes.
 * - A document that was recorded as unchanged was skipped: what it brought is not up for deletion. What names no document may
 *   have come from it.
 * - With several files per channel, only documents recorded in this run count.
 * - What names the ExternalSource of a document that is not the job's was recorded by another program, wherever it lies.
 * - What names no source, where the job names one, is the job's only if items like it were seen.
 * - Without a job (a Synchronizer of its own) the scopes that were used in this run count.
 */
export class OwnershipRules {
  private readonly _jobs: JobSubjects;
  private readonly _ownSources = new Map<Id64String, boolean>();
  private readonly _strangeSources = new Map<Id64String, boolean>();
  private readonly _seenUnsourced = new Map<string, boolean>();
  private readonly _documentsOfScopes = new Map<Id64String, RecordedDocument | undefined>();
  private readonly _documentsBySource: Map<Id64String, RecordedDocument | undefined>;
  private readonly _documentsByLink: Map<Id64String, RecordedDocument>;

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _run: RunExtent,
  ) {
    this._jobs = new JobSubjects(_imodel, _run.job?.subjectId);
    this._documentsBySource = new Map(_run.documents.map((document) => [document.sourceId, document]));
    this._documentsByLink = new Map(_run.documents.map((document) => [document.linkId, document]));
  }

  /** What an item that was not seen says of its element. */
  public claimOf(place: ElementPlace, item: Origin & ItemKey): Claim {
    const { job } = this._run;
    if (job !== undefined && !this._belongsTo(job, place, item)) return "kept";
    if (this._isStranger(item)) return "stranger";
    if (!this._isUpForDeletion(item)) return this._isDoubtful(place, item) ? "doubtful" : "kept";
    return item.sourceId === undefined && !this._isToldByOthers(item) ? "untold" : "own";
  }

  /** Whether an element of this origin is the job's, also where its document was skipped. */
  public isOfJob(place: ElementPlace, origin: Origin): boolean {
    const { job } = this._run;
    if (job !== undefined) return this._belongsTo(job, place, origin);
    return this._run.isUsedScope(origin.scopeId) || this._documentOf(origin.scopeId, origin.sourceId) !== undefined;
  }

  /** Whether an element lies below the Subject of another job. */
  public liesInOtherJob(place: ElementPlace): boolean {
    const { job } = this._run;
    return job !== undefined && this._placeOfMember(place, job) === "foreign";
  }

  /** Whether other jobs write to the iModel. */
  public hasOtherJobs(): boolean {
    return this._run.job !== undefined && this._jobs.others().length > 0;
  }

  /**
   * Whether elements of this origin may be the job's, as far as that can be told without a look at them. What came from
   * a scope or a document of another job is not.
   */
  public mayBeOwn(origin: Origin): boolean {
    const { job } = this._run;
    if (!this._isUpForDeletion(origin) || this._isStranger(origin)) return false;
    if (job === undefined || this._isOriginOf(job, origin)) return true;
    const { scopeId, sourceId } = origin;
    const namesSource = sourceId !== undefined && !this._documentsByLink.has(sourceId);
    return this._placeOf(scopeId, job) === "shared" && !namesSource;
  }

  /** Whether an element is the job's, but nothing tells whether it came from a document that was processed. */
  private _isDoubtful(place: ElementPlace, { scopeId, sourceId }: Origin): boolean {
    const { job } = this._run;
    if (job === undefined || sourceId !== undefined || this._placeOfMember(place, job) !== "own") return false;
    return this._documentOf(scopeId, sourceId) === undefined && this._leavesDocuments;
  }

  /** Whether there may be documents of the job whose items were not processed. */
  private get _leavesDocuments(): boolean {
    const { onlyRecordedDocuments, documents } = this._run;
    return onlyRecordedDocuments || documents.some(({ state }) => state === ItemState.Unchanged);
  }

  private _isUpForDeletion({ scopeId, sourceId }: Origin): boolean {
    const document = this._documentOf(scopeId, sourceId);
    if (document?.state === ItemState.Unchanged) return false;
    if (document !== undefined) return true;
    if (this._run.onlyRecordedDocuments || (sourceId === undefined && this._leavesDocuments)) return false;
    return this._run.job !== undefined || this._run.isUsedScope(scopeId);
  }

  /** Whether another program has recorded an item: its source is that of a document that is not the job's. */
  private _isStranger({ sourceId }: Origin): boolean {
    if (sourceId === undefined) return false;
    let isStrange = this._strangeSources.get(sourceId);
    if (isStrange === undefined) {
      isStrange = this._findIsStrange(sourceId);
      this._strangeSources.set(sourceId, isStrange);
    }
    return isStrange;
  }

  private _findIsStrange(sourceId: Id64String): boolean {
    const { job, connectorName } = this._run;
    if (this._documentOfSource(sourceId) !== undefined || this._documentsByLink.has(sourceId)) return false;
    if (job !== undefined && this._isOwnSource(sourceId, job)) return false;
    if (connectorName === undefined) return true;
    const ecsql = "SELECT ECInstanceId FROM bis.ExternalSource WHERE ECInstanceId=? AND ConnectorName=?";
    return queryIds(this._imodel, ecsql, [sourceId, { text: connectorName }]).length === 0;
  }

  /** Whether an item that names no source is the job's: an item of its kind and scope was seen that names none either. */
  private _isToldByOthers({ scopeId, kind }: Origin & ItemKey): boolean {
    const key = `${scopeId} ${kind}`;
    let isTold = this._seenUnsourced.get(key);
    if (isTold === undefined) {
      const { takesUnsourced, isSeen } = this._run;
      isTold = takesUnsourced() || readUnsourced(this._imodel, scopeId, kind).some(isSeen);
      this._seenUnsourced.set(key, isTold);
    }
    return isTold;
  }

  private _belongsTo(job: SynchronizationJob, place: ElementPlace, origin: Origin): boolean {
    const member = this._placeOfMember(place, job);
    return member === "shared" ? this._isOriginOf(job, origin) : member === "own";
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
    const owner = this._jobs.ownerOf(elementId);
    if (owner === undefined) return "shared";
    return owner === job.subjectId ? "own" : "foreign";
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
    const configs = readConfigsOfSource(this._imodel, sourceId);
    if (configs.some((id) => id !== job.configLinkId)) return false;
    return configs.length > 0 || this._documentOfSource(sourceId) !== undefined;
  }

  private _documentOf(scopeId: Id64String, sourceId: Id64String | undefined): RecordedDocument | undefined {
    // Other frameworks leave the choice of a source to their connectors, some of which name the RepositoryLink.
    if (sourceId !== undefined) return this._documentOfSource(sourceId) ?? this._documentsByLink.get(sourceId);
    if (!this._documentsOfScopes.has(scopeId)) {
      this._documentsOfScopes.set(scopeId, undefined); // ends a circle of scopes
      this._documentsOfScopes.set(scopeId, this._findDocumentOfScope(scopeId));
    }
    return this._documentsOfScopes.get(scopeId);
  }

  private _documentOfSource(sourceId: Id64String): RecordedDocument | undefined {
    if (!this._documentsBySource.has(sourceId))
      this._documentsBySource.set(sourceId, this._findDocumentOfSource(sourceId));
    return this._documentsBySource.get(sourceId);
  }

  /** A connector may have made several sources of its own for a document. */
  private _findDocumentOfSource(sourceId: Id64String): RecordedDocument | undefined {
    const ecsql = `
      SELECT recorded.ECInstanceId FROM bis.ExternalSource other
        JOIN bis.ExternalSource recorded ON recorded.Repository.Id=other.Repository.Id
          AND recorded.ConnectorName=other.ConnectorName
      WHERE other.ECInstanceId=?`;
    const recorded = queryIds(this._imodel, ecsql, [sourceId]);
    return this._run.documents.find((document) => recorded.includes(document.sourceId));
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
